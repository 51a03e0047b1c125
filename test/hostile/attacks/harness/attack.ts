/** What an attack is. Every file beside this folder exports one or several of them, as values or in arrays. */
import type { Reading } from '../../../../bench/figure.ts'
import type { Stage } from './stage.ts'

/** Whom to attack, and how. Plain data: it crosses to another process. */
export interface Target {
  /** Multiaddrs of the program under attack, with its Peer ID at the end. */
  addresses: readonly string[]
  /** What an attack does that has no end of its own goes on for so long, in ms. */
  forMs: number
}

/** What an attack says of itself at its end. Plain data. */
export interface Spent {
  /** What it sent, in bytes. */
  bytes: number
  /** How many of its sockets the program closed or turned away. Absent: nobody counted. */
  dropped?: number
  /** Counts of its own, by name. */
  counts?: Readonly<Record<string, number>>
}

/** An attack, with what must hold. */
export interface Attack {
  /** Who does what, in a few words. Unique; the row of the table. */
  title: string
  /** True: short and steady enough for every run of CI. */
  short: boolean
  /**
   * Attacks, in a process of its own. Bounded in count and time.
   *
   * @param begun is called when the harm begins, where preparing for it takes a while
   */
  attack?(target: Target, begun: () => void): Promise<Spent>
  /** Sets the scene, has {@link attack} happen there, and measures. */
  measure(stage: Stage): Promise<Reading[]>
}
