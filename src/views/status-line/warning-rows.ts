/** Warnings as rows: what is wrong, and what to do about it. Pure. */
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Warning } from '../../core/swarm.ts'
import { widthOf } from '../../core/width.ts'
import type { Span } from '../../ui/spans.ts'

/** A row for warnings. */
export interface WarningRow {
  key: string
  spans: readonly Span[]
}

/** Where warnings are drawn. */
export interface WarningSpace {
  columns: number
  rows: number
  /** The sign between a cause and its hint. */
  dot: SafeText
}

/** Topics that a cause makes plain by itself. */
const PLAIN_TOPICS: ReadonlySet<Warning['topic']> = new Set(['offenders', 'limits', 'descriptors'])
const SIGN = say` ! `
const INDENT = say`   `

/** How many rows these warnings take, so that nothing of them is cut that a row of its own has room for. */
export function rowsWanted(warnings: readonly Warning[], columns: number): number {
  return warnings.reduce((sum, warning) => sum + rowsOf(warning, columns), 0)
}

/** The first warnings, as many as there is room for. The last one has how many there are beyond. */
export function warningRows(
  warnings: readonly Warning[],
  { columns, rows, dot }: WarningSpace,
): WarningRow[] {
  const shown: WarningRow[] = []
  for (const [place, warning] of warnings.entries()) {
    const left = rows - shown.length
    if (left <= 0) break
    const wanted = Math.min(left, rowsOf(warning, columns))
    const hidden = left - wanted > 0 ? 0 : warnings.length - place - 1
    const { topic, hint } = warning
    const more: Span[] = hidden > 0 ? [{ text: say` +${hidden}`, style: 'warn' }] : []
    const first: Span[] = [...more, ...headOf(warning)]
    if (wanted === 1) first.push({ text: say`${between(dot)}${hint}`, style: 'dim' })
    shown.push({ key: topic, spans: first })
    if (wanted > 1) shown.push({ key: `${topic} hint`, spans: [{ text: say`${INDENT}${hint}` }] })
  }
  return shown
}

/** One where all of it fits, two otherwise. */
function rowsOf(warning: Warning, columns: number): number {
  const texts = [...headOf(warning).map(({ text }) => text), between(say`.`), warning.hint]
  return widthOf(texts.join('')) <= columns ? 1 : 2
}

function headOf({ topic, cause }: Warning): Span[] {
  const name = PLAIN_TOPICS.has(topic) ? say`` : say`${safeText(topic)} `
  return [{ text: say`${SIGN}${name}`, style: 'warn' }, { text: cause }]
}

function between(dot: SafeText): SafeText {
  return say`  ${dot} `
}
