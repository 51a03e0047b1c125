/**
 * Questions that a program puts to its terminal among what it draws, and the answers, which come among what is typed.
 * Names and bytes are those of xterm's control sequences.
 */

/** DSR, `CSI 5 n`. Each terminal answers it, in its turn: all that was sent before has arrived. */
export const STATUS_QUESTION = '\x1b[5n'

/** DECRQM for mode 2026, synchronised output. Not every terminal answers. */
export const SYNCHRONISED_QUESTION = '\x1b[?2026$p'

export type Answer = 'status' | 'synchronised' | 'not synchronised'

/** `CSI 0 n` (or another figure, which would be a fault of the terminal's), and `CSI ? 2026 ; Ps $ y`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with Escape
const ANSWER = /\x1b\[(?:\d{1,2}n|\?2026;(\d)\$y)/g

/** What may be the beginning of an answer. Keys begin with Escape too, and so does the key of that name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: answers begin with Escape
const BEGINNING = /\x1b(?:\[(?:\d{0,2}|\?\d{0,4}|\?2026;\d?\$?))?$/

/** Ps for a mode that the terminal has: set or reset. 0: not known, 3 and 4: cannot be changed. */
const CHANGEABLE = ['1', '2']

export interface Typed {
  /** What was typed, with no answers in it. */
  keys: string
  answers: Answer[]
  /** The end of the text where that may be the beginning of an answer, else empty. It stands behind `keys`. */
  rest: string
}

/** Takes the answers out of what came from a terminal. Everything else stays as it was. */
export function takeAnswers(text: string): Typed {
  const answers: Answer[] = []
  const others = text.replace(ANSWER, (_, synchronised: string | undefined) => {
    if (synchronised === undefined) answers.push('status')
    else answers.push(CHANGEABLE.includes(synchronised) ? 'synchronised' : 'not synchronised')
    return ''
  })
  const rest = BEGINNING.exec(others)?.[0] ?? ''
  return { keys: others.slice(0, others.length - rest.length), answers, rest }
}
