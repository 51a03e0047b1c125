/** What is measured and what it is held to. */

/** One measured value with the bound that it must keep. */
export interface Reading {
  /** What was measured, e.g. "one changed RTT cell, 120x40". Unique within the bench, and the key in the kept figures. */
  name: string
  value: number
  unit: 'bytes' | 'ms' | 'x' | '%' | 'MB' | 'count'
  /** The value may not be greater. Absent: printed, not judged. */
  atMost?: number
  /** What stands beside the value to understand it, e.g. "against 3,544 of Ink's incremental mode". */
  note?: string
}

/** One thing that is measured: a row of the table in docs/performance.md, or a few of one kind. */
export interface Figure {
  /** In a few words, e.g. "bytes for what changes". */
  title: string
  /** True: quick and steady enough for every run of CI. */
  short: boolean
  /** Measures. Ends what it starts, also when it fails. */
  measure(): Promise<Reading[]>
}
