import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Brush } from '../../../src/ui/screen/brush.ts'
import { type Grid, moveRows, newGrid, UNKNOWN } from '../../../src/ui/screen/grid.ts'
import { findScroll } from '../../../src/ui/screen/scroll.ts'
import { PLAIN, styleAfter } from '../../../src/ui/screen/style.ts'
import { VirtualTerminal } from '../../../src/ui/screen/virtual-terminal.ts'
import { Emulator } from './emulator.ts'

const COLUMNS = 60
const ROWS = 12

/** A grid of rows as long as the screen is wide. */
function gridOf(lines: readonly string[], rows = ROWS): Grid {
  const terminal = new VirtualTerminal(COLUMNS, rows)
  terminal.write(lines.join('\n'))
  return terminal.grid as Grid
}

/** Rows that share no cell with each other. */
const row = (n: number) => String.fromCharCode(0x61 + n).repeat(COLUMNS)
const rows = (...numbers: number[]) => numbers.map(row)

describe('rows that moved', () => {
  it.each([
    [
      'up, all',
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      { top: 0, bottom: 11, by: 1 },
    ],
    ['up, in the middle', [0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 4, 5, 6, 20, 21, 7], { top: 2, bottom: 6, by: 2 }],
    [
      'down, all',
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      [20, 21, 22, 0, 1, 2, 3, 4, 5, 6, 7, 8],
      { top: 0, bottom: 11, by: -3 },
    ],
    [
      'down, in the middle',
      [0, 1, 2, 3, 4, 5, 6, 7],
      [0, 20, 1, 2, 3, 4, 6, 7],
      { top: 1, bottom: 5, by: -1 },
    ],
    [
      'six rows',
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      [6, 7, 8, 9, 10, 11, 20, 21, 22, 23, 24, 25],
      { top: 0, bottom: 11, by: 6 },
    ],
  ])('are found: %s', (_, before, after, scroll) => {
    expect(findScroll(gridOf(rows(...before)), gridOf(rows(...after)))).toEqual(scroll)
  })

  it('are not looked for where nothing moved, or where little would be saved', () => {
    const before = rows(0, 1, 2, 3, 4, 5)
    expect(findScroll(gridOf(before), gridOf(before))).toBeUndefined()
    expect(findScroll(gridOf(before), gridOf(rows(20, 21, 22, 23, 24, 25)))).toBeUndefined()
    expect(findScroll(gridOf(before), gridOf(rows(0, 1, 2, 3, 4, 6)))).toBeUndefined()
  })

  it('are not looked for on a screen of which nothing is known: erasing a row is shorter than moving it', () => {
    expect(findScroll(newGrid(COLUMNS, ROWS, UNKNOWN), newGrid(COLUMNS, ROWS))).toBeUndefined()
    expect(findScroll(newGrid(COLUMNS, 1, UNKNOWN), newGrid(COLUMNS, 1))).toBeUndefined()
  })

  it('are moved by the terminal as in the grid, and leave blanks without style', async () => {
    const scrolls = fc
      .tuple(
        fc.nat(ROWS - 2),
        fc.integer({ min: 1, max: ROWS - 1 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
      )
      .map(([top, height, by, up]) => {
        const bottom = Math.min(ROWS - 1, top + height)
        const furthest = Math.min(by, bottom - top)
        return { top, bottom, by: up ? furthest : -furthest }
      })
    await fc.assert(
      fc.asyncProperty(scrolls, fc.constantFrom('', '1;31', '44', '7', '4;32'), async (scroll, style) => {
        const lines = rows(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
        const grid = gridOf(lines)
        moveRows(grid, scroll.top, scroll.bottom, scroll.by)
        const brush = new Brush(COLUMNS)
        brush.setStyle(styleAfter(PLAIN, style))
        brush.scroll(scroll)
        brush.moveTo(3, 3)
        const emulator = new Emulator(COLUMNS, ROWS)
        await emulator.show(`${lines.join('\n')}${brush.take()}`)
        const wanted = Array.from({ length: ROWS }, (_, y) =>
          grid.text.slice(y * COLUMNS, (y + 1) * COLUMNS).join(''),
        )
        expect(emulator.picture().rows).toEqual(wanted)
        expect(emulator.picture().cursor).toEqual({ x: 3, y: 3 })
        // No margins are left behind: the last row still scrolls the whole screen.
        await emulator.show(`\x1b[m\x1b[${ROWS}H\n`)
        expect(emulator.row(0)).toBe(wanted[1]?.trimEnd())
      }),
      { numRuns: 120 },
    )
  })
})
