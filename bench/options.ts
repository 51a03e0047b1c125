import { parseArgs } from 'node:util'

/** What a run is to do. */
export interface BenchOptions {
  /** Only the figures that are quick and steady enough for CI. */
  short: boolean
  /** Only the figures with this in their title or file name. */
  only?: string
  /** Writes what was measured to bench/kept.json. */
  keep: boolean
  /** Writes what was measured to the table in docs/performance.md. */
  docs: boolean
}

/** Reads the command line. @throws on an option that there is not */
export function readOptions(args: readonly string[]): BenchOptions {
  const { short, only, keep, docs } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
      keep: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
    },
  }).values
  return { short, keep, docs, ...(only === undefined ? {} : { only }) }
}
