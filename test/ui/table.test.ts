import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeText, say } from '../../src/core/safe-text.ts'
import { widthOf } from '../../src/core/width.ts'
import { cell, fitColumns, rowSpans } from '../../src/ui/table.ts'

const COLUMNS = [
  { id: 'name', least: 6, wanted: 10, grows: 1, priority: 3 },
  { id: 'place', least: 8, priority: 1 },
  { id: 'time', least: 7, priority: 2, align: 'right' },
] as const

const widths = (width: number) => fitColumns(COLUMNS, width).map(({ id, columns }) => `${id} ${columns}`)

describe('columns', () => {
  it('drop out by priority where there is no room, and grow where there is', () => {
    expect(widths(12)).toEqual(['name 12'])
    expect(widths(15)).toEqual(['name 6', 'time 7'])
    expect(widths(25)).toEqual(['name 6', 'place 8', 'time 7'])
    expect(widths(40)).toEqual(['name 21', 'place 8', 'time 7'])
  })

  it('come back where the next to go leaves room for them', () => {
    const columns = [
      { id: 'name', least: 6, priority: 3 },
      { id: 'address', least: 30, priority: 2 },
      { id: 'agent', least: 8, priority: 1 },
    ] as const
    expect(fitColumns(columns, 20).map(({ id }) => id)).toEqual(['name', 'agent'])
  })

  it('hold any text in exactly their width', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 80 }),
        fc.array(fc.string({ unit: 'grapheme' }), { minLength: 3, maxLength: 3 }),
        (width, texts) => {
          const fitted = fitColumns(COLUMNS, width)
          const spans = rowSpans(fitted, ({ id }) =>
            cell(safeText(texts[['name', 'place', 'time'].indexOf(id)])),
          )
          const total = fitted.reduce((sum, column) => sum + column.columns, 0) + 2 * (fitted.length - 1)
          expect(total).toBeLessThanOrEqual(Math.max(width, 1))
          const used = spans.reduce((sum, span) => sum + widthOf(span.text), 0)
          expect(used).toBe(total)
        },
      ),
    )
  })

  it('align and lose what the cell says they may lose', () => {
    const [name, , time] = fitColumns(COLUMNS, 25)
    if (name === undefined || time === undefined) throw new Error('no room')
    const row = rowSpans([name, time], ({ id }) =>
      id === 'name' ? cell(say`abcdefghij`, 'dim', 'start') : cell(say`9 ms`),
    )
    expect(row.map(span => span.text).join('')).toBe('…fghij     9 ms')
  })
})
