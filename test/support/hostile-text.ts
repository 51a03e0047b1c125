/** Text as nobody should ever print it. */

/** Stands in each hostile text. Where it is printed it is harmless; inside of an escape sequence it is not. */
export const MARK = 'pwned'

const ESC = '\u001b'

export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  'clears the screen': `${ESC}[2J${ESC}[H${ESC}[31;8m${MARK}`,
  'sets the title': `${ESC}]0;${MARK}\u0007`,
  'is a link elsewhere': `${ESC}]8;;https://${MARK}.example${ESC}\\here${ESC}]8;;${ESC}\\`,
  'fills the clipboard': `${ESC}]52;c;${btoa(MARK)}${ESC}\\`,
  'is a device string': `${ESC}P+q${MARK}${ESC}\\${ESC}_${MARK}${ESC}\\${ESC}^${MARK}${ESC}\\`,
  'uses 8-bit controls': `\u009b2J\u009d0;${MARK}\u009c\u0090${MARK}\u009c\u0085\u008d`,
  'resets the terminal': `${ESC}c${ESC}[!p${ESC}[?1049l${ESC}[?2004l${ESC}[?1000h${ESC}(0${MARK}`,
  'asks the terminal': `${ESC}[6n${ESC}[c${ESC}[21t${ESC}]11;?\u0007${MARK}`,
  'is for a shell': `$(touch ${MARK})\`touch ${MARK}\`;touch ${MARK}|a&b>c<d"e'f\\g*?[h]{i,j}~!#`,
  'is many lines': `${MARK}\r\n\n\v\f\u2028\u2029\u0085${MARK}`,
  'runs backwards': `\u202e\u2066\u061c${MARK}\u202c\u200f\u2069`,
  'holds zero bytes': `a\u0000b\u0000${MARK}\u0007\u0008\u0008\u007f`,
  'hides itself': `${MARK}\u200b\u200d\u2060\ufeff\u00ad\u3164\u{e0041}\ufe0f`,
  'piles up marks': `${MARK}${'\u0301\u0489\u20dd'.repeat(60)}`,
  'is wide': `日本語${'한'.repeat(40)}👩‍👩‍👧‍👦🇩🇪👍🏽${MARK}`,
  'never ends': `${MARK}${'x'.repeat(5_000)}${ESC}]0;${MARK}`,
  'never ends, in many bytes': `${MARK}${'é日'.repeat(1_200)}${ESC}[2J`,
}

/** What UTF-8 has no place for: half of a surrogate pair, a byte that begins nothing, a character cut short. */
export const BROKEN_UTF8 = Uint8Array.of(0x61, 0xed, 0xa0, 0x80, 0xff, 0x1b, 0x5b, 0x32, 0x4a, 0xf0, 0x9f)
