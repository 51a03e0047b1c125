/** A piece of what a program writes to a terminal. */
export type Token =
  /** Characters to print. */
  | { kind: 'text'; text: string }
  /** A control character that is not part of a sequence, such as a line feed. */
  | { kind: 'control'; text: string }
  /** A control sequence (CSI, ECMA-48 5.4). */
  | { kind: 'sequence'; text: string; prefix: string; parameters: string; final: string }
  /** Any other sequence: an operating system command (OSC), a two-character escape. */
  | { kind: 'other'; text: string }

const ESC = '\x1b'
const BELL = '\x07'
const TEXT = String.raw`([^\p{Cc}]+)`
const SEQUENCE = String.raw`${ESC}\[([<-?]?)([\d;:]*)[ -/]*([@-~])`
/** Commands that go on up to their end, and escapes of two characters. */
const OTHER = String.raw`(${ESC}[\]P_^X].*?(?:${BELL}|${ESC}\\)|${ESC}[^[\]P_^X])`
const PIECES = new RegExp(String.raw`${TEXT}|${SEQUENCE}|${OTHER}|(\p{Cc})`, 'gsu')

/** What a program has written, piece by piece. Ink writes each sequence whole, so none is split between two writes. */
export function* tokens(written: string): Generator<Token> {
  for (const [text, print, prefix = '', parameters = '', final, other] of written.matchAll(PIECES)) {
    if (print !== undefined) yield { kind: 'text', text }
    else if (final !== undefined) yield { kind: 'sequence', text, prefix, parameters, final }
    else if (other !== undefined) yield { kind: 'other', text }
    else yield { kind: 'control', text }
  }
}
