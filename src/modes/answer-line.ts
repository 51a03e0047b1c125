/** Answers and failures as lines of --json: docs/answers.schema.json. */
import type { Answer } from '../commands/answers/answer-schema.ts'
import { ANSWER_VERSION } from '../commands/answers/version.ts'
import type { Clock } from '../core/clock.ts'

/** An answer as it is printed. `line`: the line of input that it answers, from 1. */
export function answerLine(answer: Answer, clock: Pick<Clock, 'now'>, line?: number): string {
  return JSON.stringify({ v: ANSWER_VERSION, time: clock.now(), line, ...answer })
}
