import type { Terminal } from '@xterm/headless'
import stringWidth from 'string-width'

/**
 * Gives a headless terminal the character widths of today's terminals: on its own it knows Unicode 6, where an emoji
 * takes one column. Skin tones and the second half of a flag join the character before them.
 */
export function giveModernWidths(terminal: Terminal): void {
  terminal.unicode.register({ version: 'modern', wcwidth, charProperties })
  terminal.unicode.activeVersion = 'modern'
}

function wcwidth(codePoint: number): 0 | 1 | 2 {
  return stringWidth(String.fromCodePoint(codePoint)) as 0 | 1 | 2
}

/** xterm's packed value: a code point of ours in the high bits, the width, and whether it joins the one before. */
function charProperties(codePoint: number, preceding: number): number {
  const before = preceding >> 3
  const widthBefore = (preceding >> 1) & 3
  const width = wcwidth(codePoint)
  const flag = isRegional(codePoint) && isRegional(before)
  const joins = widthBefore > 0 && (width === 0 || flag || (isSkinTone(codePoint) && widthBefore === 2))
  // A third regional indicator starts a new flag.
  const state = flag ? 0 : codePoint
  return (state << 3) | ((joins ? Math.max(widthBefore, flag ? 2 : 0) : width) << 1) | (joins ? 1 : 0)
}

function isRegional(codePoint: number): boolean {
  return codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff
}

function isSkinTone(codePoint: number): boolean {
  return codePoint >= 0x1f3fb && codePoint <= 0x1f3ff
}
