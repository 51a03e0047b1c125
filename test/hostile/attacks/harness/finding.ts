import type { Reading } from '../../../../bench/figure.ts'

/** Something that must not happen, and how often it did. @param atMost so often it may */
export function finding(title: string, what: string, value: number, note = '', atMost = 0): Reading {
  return { name: `${title}: ${what}`, value, unit: 'count', atMost, note }
}
