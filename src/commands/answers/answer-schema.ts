/**
 * Every answer of a command as data, which is what --json prints. The types, the JSON schema and docs/answers.md come
 * from this folder.
 *
 * The schema library costs start-up time: the program takes types from here, never values.
 */
import { z } from 'zod'
import { count } from '../../core/schema.ts'
import { callAnswers } from './calls.ts'
import { connectionAnswers } from './connections.ts'
import { limitAnswers } from './limits.ts'
import { nodeAnswers, troubleAnswers } from './node.ts'
import { peerAnswers } from './peers.ts'
import { reachAnswers } from './reach.ts'
import { routingAnswers } from './routing.ts'
import type { ANSWER_VERSION } from './version.ts'

const payloads = {
  ...callAnswers,
  ...peerAnswers,
  ...connectionAnswers,
  ...limitAnswers,
  ...routingAnswers,
  ...reachAnswers,
  ...nodeAnswers,
  ...troubleAnswers,
} as const

const VERSION: typeof ANSWER_VERSION = 1

const envelope = {
  v: z.literal(VERSION).describe('format version'),
  time: count.describe('when it was said, in ms since the Unix epoch'),
  line: z.number().int().positive().optional().describe('the line of input that it answers, from 1'),
}

type Payloads = typeof payloads
/** The name of a type of answer, such as `connection`. */
export type AnswerType = keyof Payloads

type Prettify<T> = { [K in keyof T]: T[K] }

/** An answer as a command gives it: version and time are added when it is printed. */
export type Answer<T extends AnswerType = AnswerType> = {
  [K in T]: Prettify<{ type: K } & z.infer<z.ZodObject<Payloads[K], z.core.$strict>>>
}[T]

/** The schema of each type of answer as it is printed. */
export const answerSchemas = Object.fromEntries(
  Object.entries(payloads).map(([type, fields]) => [
    type,
    z.strictObject({ ...envelope, type: z.literal(type), ...fields }),
  ]),
) as unknown as { [T in AnswerType]: z.ZodType<Answer<T>> }
