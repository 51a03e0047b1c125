/**
 * What a terminal sends for each key.
 *
 * `escape` is the kitty protocol's form: a plain ESC byte is held back 20 ms by Ink, to see whether it starts a
 * sequence, and a test would have to wait for that. Send '\x1b' and `waitFor` its effect to test just that.
 */
export const keys = {
  enter: '\r',
  tab: '\t',
  shiftTab: '\x1b[Z',
  escape: '\x1b[27u',
  backspace: '\x7f',
  delete: '\x1b[3~',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  ctrlLeft: '\x1b[1;5D',
  ctrlRight: '\x1b[1;5C',
  altBackspace: '\x1b\x7f',
  /** ctrl('c') is Ctrl-C. */
  ctrl: (letter: string) => String.fromCharCode(letter.charCodeAt(0) & 31),
  /** alt('b') is Alt-B. */
  alt: (letter: string) => `\x1b${letter}`,
  /** What a terminal sends when `text` is pasted while bracketed paste is on. */
  paste: (text: string) => `\x1b[200~${text}\x1b[201~`,
}
