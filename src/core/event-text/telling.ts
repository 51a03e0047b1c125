import type { NodeEvent, NodeEventType } from '../events.ts'
import type { Failure } from '../failure.ts'
import { formatCount } from '../format.ts'
import { type SafeText, safeText, say } from '../safe-text.ts'

/** How an event is to be taken: as news, success, warning, failure, or a detail of less weight. */
export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'dim'

/** The types of events whose name begins with one of these nouns. */
type About<Noun extends string> = Extract<NodeEventType, `${Noun}:${string}`>

/** For each type of event about some nouns, how it is taken and what it says. */
export type Tellers<Noun extends string> = {
  readonly [T in About<Noun>]: (event: NodeEvent<T>) => readonly [Tone, SafeText]
}

/** A failure in one line: why, where and what to do. */
export function why({ stage, cause, hint }: Failure): SafeText {
  return say`${cause} (at ${safeText(stage)}). ${hint}`
}

/** What a line says of those before it that had none of their own. `count`: of all, this one included. */
export function more(count: number | undefined): SafeText {
  return count === undefined || count < 2 ? say`` : say` (${formatCount(count)} times since the last line)`
}
