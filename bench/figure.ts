/** What is measured and what it is held to. */

/** What a reading is counted in; `x` is a ratio between two measures of one run. */
export type Unit = 'bytes' | 'ms' | 's' | 'x' | '%' | 'MB' | 'count'

/** One measured value with the bound that it must keep. */
export interface Reading {
  /** What was measured, e.g. "one changed RTT cell, 120x40". Unique within the bench, and the key in the kept figures. */
  name: string
  value: number
  unit: Unit
  /** The value may not be greater. Absent: printed, not judged. */
  atMost?: number
  /** What stands beside the value to understand it, e.g. "against 3,544 of Ink's incremental mode". */
  note?: string
}

/**
 * One thing that is measured: a row of the table in docs/performance.md, or a few of one kind. Every file in
 * bench/figures/ exports one or several of them, as values or in arrays; the runner finds them there.
 */
export interface Figure {
  /** In a few words, e.g. "bytes for what changes". */
  title: string
  /** True: quick and steady enough for every run of CI. */
  short: boolean
  /** Measures. Ends what it starts, also when it fails. */
  measure(): Promise<Reading[]>
}
