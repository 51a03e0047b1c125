/** The readings as tables: for a terminal, and for docs/security.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withGenerated } from '../../../../bench/report/docs.ts'
import type { Judged, Kept } from '../../../../bench/report/judge.ts'
import { keptAfter } from '../../../../bench/report/kept.ts'
import { machine } from '../../../../bench/report/machine.ts'
import { formatValue } from '../../../../bench/report/number.ts'
import { alignedTable } from '../../../../bench/report/table.ts'

const DOCS = join(import.meta.dirname, '../../../../docs/security.md')
const BEFORE = join(import.meta.dirname, 'before.json')
const HEADINGS = ['attack', 'before', 'now', 'bound', 'verdict', 'beside it']
/** Columns of figures. */
const RIGHT = [1, 2, 3]
/** A program that did not answer in time has no figure: JSON knows no infinity. */
const NEVER = 'never'

/** What each reading was on the build that these attacks were written against, by name. @throws if there is no such file */
export function readBefore(): Kept {
  return JSON.parse(readFileSync(BEFORE, 'utf8')) as Kept
}

/** Keeps readings as what they were before. */
export function writeBefore(readings: readonly Judged[]): void {
  writeFileSync(BEFORE, `${JSON.stringify(keptAfter(readBefore(), readings), null, 2)}\n`)
}

/** Writes the readings between the two marks of docs/security.md. @throws if the marks are missing */
export function writeDocs(readings: readonly Judged[]): void {
  const table = `${markdown(readings, readBefore())}\n\nMeasured on ${machine()}.`
  writeFileSync(DOCS, withGenerated(readFileSync(DOCS, 'utf8'), 'npm run attack -- --docs', table))
}

/** A table with aligned columns. */
export function attackTable(readings: readonly Judged[], before: Kept): string {
  return alignedTable([HEADINGS, ...readings.map(reading => cells(reading, before))], RIGHT)
}

/** A table in Markdown of what is judged. */
export function markdown(readings: readonly Judged[], before: Kept): string {
  const rows = readings
    .filter(({ atMost }) => atMost !== undefined)
    .map(reading => cells(reading, before).map(text => text.replaceAll('|', '\\|')))
    .map(row => `| ${row.join(' | ')} |`)
  return [`| ${HEADINGS.join(' | ')} |`, '|---|---:|---:|---:|---|---|', ...rows].join('\n')
}

function cells({ name, value, unit, atMost, verdict, note = '' }: Judged, before: Kept): string[] {
  return [
    name,
    name in before ? shown(before[name], unit) : '',
    shown(value, unit),
    atMost === undefined ? '' : `<= ${formatValue(atMost, unit)}`,
    verdict === 'printed' ? '' : verdict,
    note,
  ]
}

function shown(value: number | null | undefined, unit: Judged['unit']): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NEVER : formatValue(value, unit)
}
