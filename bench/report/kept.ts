/** The figures agreed on last, in the repository. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reading } from '../figure.ts'
import type { Kept } from './judge.ts'

const FILE = join(import.meta.dirname, '../kept.json')

/** Reads bench/kept.json. @throws if it is missing or no JSON */
export function readKept(): Kept {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Kept
}

/** Writes bench/kept.json: the readings of this run, and what was kept of those that it did not take. */
export function writeKept(readings: readonly Reading[]): void {
  writeFileSync(FILE, `${JSON.stringify(keptAfter(readKept(), readings), null, 2)}\n`)
}

/** The kept figures after a run, to four significant digits, by name. */
export function keptAfter(before: Kept, readings: readonly Reading[]): Kept {
  const taken = readings.map(({ name, value }) => [name, Number(value.toPrecision(4))] as const)
  const all = { ...before, ...Object.fromEntries(taken) }
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
}
