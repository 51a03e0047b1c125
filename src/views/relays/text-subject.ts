import type { FilterSubject } from '../../core/filter.ts'

/** What a filter without fields sees of a row. */
export function textSubject(...words: readonly string[]): FilterSubject {
  return { text: () => words.join(' ').toLowerCase(), values: () => [] }
}
