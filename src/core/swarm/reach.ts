/** Whether others can reach this node. */
import type { HowLearned } from '../event-terms.ts'
import type { SafeText } from '../safe-text.ts'

/** An address at which others may reach this node. `learnedAt` is in ms since the epoch. */
export interface OwnAddress {
  address: SafeText
  how: HowLearned
  /** Peers who told of it, the first one first; not all of many. */
  toldBy: readonly SafeText[]
  learnedAt: number
  /** The last attempt of each peer that tried, the newest last; not all of many. */
  checks: readonly ReachCheck[]
  /** What the checks amount to; absent: nobody has tried. */
  reachable?: boolean
}

/** One attempt of a peer to dial us back (AutoNAT). `time` is in ms since the epoch. */
export interface ReachCheck {
  /** Absent: it was not told who tried. */
  peerId?: SafeText
  reachable: boolean
  time: number
}

/** The latest hole punch with a peer, under way or over. `startedAt` is in ms since the epoch. */
export interface Punch {
  peerId: SafeText
  startedAt: number
  state: 'started' | 'succeeded' | 'failed'
  /** The try that is under way, or was the last. */
  latest?: { how: 'dial' | 'punch'; attempt: number; attempts: number; addresses: readonly SafeText[] }
  /** From its start to its end. */
  durationMs?: number
  /** Where it got through. */
  address?: SafeText
  /** Why it failed, and what to do. */
  failure?: { cause: SafeText; hint: SafeText }
}
