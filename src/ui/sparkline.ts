/** A row of bars for RTTs. Pure. */
import { joinSafe, type SafeText, say } from '../core/safe-text.ts'
import type { Glyphs } from './glyphs.ts'
import type { Span } from './spans.ts'

/** RTTs in ms, oldest first; null is a ping without an answer. */
export type Samples = readonly (number | null)[]

/**
 * The latest samples that fit into `columns`, newest on the right, one column each; blanks on the left where there are
 * fewer. The lowest bar is the least RTT shown; the highest is the greatest, or twice the least if that is more, so
 * that a steady link looks steady.
 */
export function sparkline(samples: Samples, columns: number, glyphs: Glyphs): Span[] {
  if (columns <= 0) return []
  const shown = samples.slice(-columns)
  const levelOf = scale(shown, glyphs.bars.length)
  const spans: Span[] = [{ text: blanks(columns - shown.length) }]
  let bars: SafeText[] = []
  const endBars = () => {
    if (bars.length > 0) spans.push({ text: joinSafe(bars, ''), style: 'good' })
    bars = []
  }
  for (const sample of shown) {
    if (sample === null) {
      endBars()
      spans.push({ text: glyphs.loss, style: 'bad' })
    } else {
      bars.push(glyphs.bars[levelOf(sample)] ?? say` `)
    }
  }
  endBars()
  return spans.filter(span => span.text !== '')
}

/**
 * A graph several rows high of the latest samples that fit, top row first. A lost ping is marked on the bottom row.
 */
export function graph(samples: Samples, size: { columns: number; rows: number }, glyphs: Glyphs): Span[][] {
  const { columns, rows } = size
  const shown = samples.slice(-columns)
  const steps = glyphs.bars.length
  const levelOf = scale(shown, steps * rows)
  const levels = shown.map(sample => (sample === null ? undefined : levelOf(sample) + 1))
  return Array.from({ length: rows }, (_, row) => {
    const base = (rows - 1 - row) * steps
    const last = row === rows - 1
    const cells = levels.map((level): Span => {
      if (level === undefined) return last ? { text: glyphs.loss, style: 'bad' } : { text: say` ` }
      if (level <= base) return { text: say` ` }
      return { text: glyphs.bars[Math.min(level - base, steps) - 1] ?? say` `, style: 'good' }
    })
    return merged(cells)
  })
}

/** Maps an RTT to a level from 0 to `levels - 1`. */
function scale(samples: Samples, levels: number): (sample: number) => number {
  const answered = samples.filter(sample => sample !== null)
  const least = Math.min(...answered)
  const span = Math.max(Math.max(...answered) - least, least)
  return sample =>
    span > 0 ? Math.min(levels - 1, Math.max(0, Math.floor(((sample - least) / span) * levels))) : 0
}

/** Neighbours in the same style as one span. */
function merged(cells: readonly Span[]): Span[] {
  const spans: Span[] = []
  for (const cell of cells) {
    const before = spans.at(-1)
    if (before !== undefined && before.style === cell.style) {
      spans[spans.length - 1] = { ...before, text: say`${before.text}${cell.text}` }
    } else {
      spans.push(cell)
    }
  }
  return spans
}

function blanks(count: number): SafeText {
  return ' '.repeat(Math.max(0, count)) as SafeText
}
