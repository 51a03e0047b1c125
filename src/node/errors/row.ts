import type { Stage } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Seen } from './seen.ts'

/** What is known of an error beside the error. */
export interface Context {
  /** How far it had come. */
  stage: Stage
  /** True: the one who asked has cancelled. */
  cancelled?: boolean
  /** True: the node has stopped or is stopping. */
  stopped?: boolean
  /** The target named a peer only, and how many addresses of it are known. Absent: the target was an address. */
  knownAddresses?: number
}

/** What a row says; without a stage: the one that the context names. */
export interface Saying {
  stage?: Stage
  cause: SafeText
  hint: SafeText
}

/** One line of the error table: which errors it speaks for, and what it says. The first that matches is taken. */
export interface Row {
  matches(error: Seen, context: Context): boolean
  says(error: Seen, context: Context): Saying
}

/** A row for errors by the system's code, e.g. ECONNREFUSED. */
export function byCode(codes: readonly string[], says: Row['says']): Row {
  return { matches: error => codes.includes(error.code), says }
}

/** A row for errors by their name and, where the name is shared, by their message. */
export function byName(names: readonly string[], message: RegExp | undefined, says: Row['says']): Row {
  return {
    matches: error => names.includes(error.name) && (message === undefined || message.test(error.message)),
    says,
  }
}

/** A saying in fixed words. */
export function words(stage: Stage | undefined, cause: string, hint: string): () => Saying {
  const saying = { cause: safeText(cause, 512), hint: safeText(hint, 512), ...(stage && { stage }) }
  return () => saying
}

/** The host and port that a TCP error names, e.g. ` at 127.0.0.1:4001`, or nothing. */
export function where(error: Seen): SafeText {
  const place = /connection error (\S+):/.exec(error.message)?.[1]
  return place === undefined ? say`` : say` at ${safeText(place)}`
}

/**
 * How far an error shows that it came: the names of two say so themselves, which matters where several attempts are
 * looked at and the context's stage is that of the last.
 */
export function stageOf(error: Seen, context: Context): Stage {
  if (error.name === 'EncryptionFailedError') return 'encrypt'
  if (error.name === 'MuxerUnavailableError') return 'multiplex'
  return context.stage
}
