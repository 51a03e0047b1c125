/** The readings as tables: for a terminal, and for docs/performance.md. Pure. */
import type { Judged } from './judge.ts'
import { formatValue } from './number.ts'

const HEADINGS = ['figure', 'value', 'bound', 'kept', 'verdict', 'beside it']
/** Columns of figures, which stand at the right of their column. */
const RIGHT = [1, 2, 3]

/** A table with aligned columns. */
export function plainTable(readings: readonly Judged[]): string {
  return alignedTable([HEADINGS, ...readings.map(cells)], RIGHT)
}

/** Rows as lines of equally wide cells. @param right columns whose text stands at the right, counted from 0 */
export function alignedTable(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? '').length)))
  const align = (text: string, column: number) =>
    right.includes(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)
  return rows.map(row => row.map(align).join('  ').trimEnd()).join('\n')
}

/** A table in Markdown, without the kept figures: in the documentation they would say the same twice. */
export function markdownTable(readings: readonly Judged[]): string {
  const rows = readings.map(reading => {
    const [figure, value, bound, , verdict, note] = cells(reading)
    return `| ${figure} | ${value} | ${bound} | ${verdict} | ${note} |`
  })
  return ['| figure | value | bound | verdict | beside it |', '|---|---:|---:|---|---|', ...rows].join('\n')
}

function cells({ name, value, unit, atMost, kept, verdict, note = '' }: Judged): string[] {
  const bound = atMost === undefined ? '' : `<= ${formatValue(atMost, unit)}`
  const before = kept === undefined ? '' : formatValue(kept, unit)
  return [name, formatValue(value, unit), bound, before, verdict === 'printed' ? '' : verdict, note]
}
