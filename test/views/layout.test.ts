import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutFor } from '../../src/views/layout.ts'

const kinds = (...sizes: [number, number][]) =>
  sizes.map(([columns, rows]) => layoutFor(columns, rows, { focus: 'peers', warnings: 0 }).kind)

describe('the layout', () => {
  it('goes by the size of the screen', () => {
    expect(kinds([200, 60], [120, 40], [100, 10])).toEqual(['side-by-side', 'side-by-side', 'side-by-side'])
    expect(kinds([99, 24], [80, 24], [40, 30])).toEqual(['stacked', 'stacked', 'stacked'])
    expect(kinds([80, 18], [50, 15], [40, 10])).toEqual(['single', 'single', 'single'])
    expect(kinds([39, 60], [200, 9], [1, 1])).toEqual(['too-small', 'too-small', 'too-small'])
  })

  it('fills the screen exactly, whatever its size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 500 }),
        fc.integer({ min: 10, max: 200 }),
        fc.constantFrom('peers', 'log'),
        fc.nat(5),
        (columns, rows, focus, warnings) => {
          const { kind, panes, body, warningRows, noticeRows } = layoutFor(columns, rows, {
            focus: focus as 'peers',
            warnings,
          })
          expect(1 + warningRows + body.rows + noticeRows + 2).toBe(rows)
          const rects = Object.values(panes)
          expect(rects.every(rect => rect.columns >= 40 && rect.rows >= 3)).toBe(true)
          const width = rects.reduce((sum, rect) => sum + rect.columns, 0)
          const height = rects.reduce((sum, rect) => sum + rect.rows, 0)
          if (kind === 'side-by-side') expect(width).toBe(columns - 1)
          else expect(height).toBe(body.rows)
        },
      ),
    )
  })
})
