import type { Args } from '../command.ts'

/** The words that a parameter took. */
export function wordsOf(value: Args[string]): readonly string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [String(value)]
}
