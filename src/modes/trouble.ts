import type { Writable } from 'node:stream'
import type { Answer } from '../commands/answers/answer-schema.ts'
import type { Clock } from '../core/clock.ts'
import { type SafeText, safeText, say } from '../core/safe-text.ts'
import { answerLine } from './answer-line.ts'
import { LineWriter } from './line-writer.ts'

/** A failure, and what it was about. */
export type Failed = Omit<Answer<'failed'>, 'type'>

/** A failure for people: what, where, why and what next. */
export function failureText({ stage, cause, hint }: Failed): SafeText {
  // That words are wrong needs no place.
  return stage === 'usage' ? say`${cause}. ${hint}` : say`${cause} (at ${safeText(stage)}). ${hint}`
}

/** What a mode without a screen says on standard error: lines for people, or JSON where that was asked for. */
export class Trouble {
  readonly #err: LineWriter
  readonly #clock: Pick<Clock, 'now'>
  readonly #json: boolean

  constructor(err: Writable, clock: Pick<Clock, 'now'>, json: boolean) {
    this.#err = new LineWriter(err)
    this.#clock = clock
    this.#json = json
  }

  /** That something failed; `line`: the line of input that asked for it, from 1. */
  async failed(failure: Failed, line?: number): Promise<void> {
    const { verb } = failure
    const program = verb === undefined ? say`p2p-tui` : say`p2p-tui ${verb}`
    await this.#say(
      { type: 'failed', ...failure },
      say`${line === undefined ? program : say`line ${line}`}: ${failureText(failure)}`,
      line,
    )
  }

  /** Something that does not work as it should; `text`: the same for people. */
  async warning(warning: Omit<Answer<'warning'>, 'type'>, text: SafeText): Promise<void> {
    await this.#say({ type: 'warning', ...warning }, say`p2p-tui: ${text}`)
  }

  /** An answer that has no place on standard output. */
  async answer(answer: Answer, line: number): Promise<void> {
    await this.#err.write(answerLine(answer, this.#clock, line))
  }

  async #say(answer: Answer, text: SafeText, line?: number): Promise<void> {
    await this.#err.write(this.#json ? answerLine(answer, this.#clock, line) : text)
  }
}
