import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { move, type Place } from '../../../src/ui/screen/moves.ts'
import { Emulator } from './emulator.ts'

const COLUMNS = 120
const ROWS = 40
const emulator = new Emulator(COLUMNS, ROWS)
const place = fc.record({ x: fc.nat(COLUMNS - 1), y: fc.nat(ROWS - 1) })
const cup = ({ x, y }: Place) => `\x1b[${y + 1};${x + 1}H`

async function cursorAfter(bytes: string): Promise<Place> {
  await emulator.show(bytes)
  const { cursorX, cursorY } = emulator.terminal.buffer.active
  return { x: cursorX, y: cursorY }
}

describe('a move', () => {
  it('ends where it should, from anywhere, and is never longer than naming the place', async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (from, to) => {
        const bytes = move(from, to, COLUMNS)
        expect(await cursorAfter(cup(from) + bytes)).toEqual(to)
        expect(bytes.length).toBeLessThanOrEqual(cup(to).length)
      }),
      { numRuns: 400 },
    )
  })

  it('ends where it should from behind the last column, where the cursor waits to wrap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(ROWS - 1), place, async (y, to) => {
        const bytes = move({ x: COLUMNS, y }, to, COLUMNS)
        expect(await cursorAfter(`${cup({ x: COLUMNS - 1, y })}x${bytes}`)).toEqual(to)
        // Who prints there prints in that place, not in the next row.
        await emulator.show('y')
        expect(emulator.cell(to.x, to.y)).toBe('y')
        expect(bytes.length).toBeLessThanOrEqual(cup(to).length)
      }),
      { numRuns: 300 },
    )
  })

  it('ends where it should when nobody knows where the cursor stands', async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (from, to) => {
        expect(await cursorAfter(cup(from) + move(undefined, to, COLUMNS))).toEqual(to)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['nothing to stay', { x: 7, y: 7 }, { x: 7, y: 7 }, ''],
    ['to the next row', { x: 7, y: 7 }, { x: 0, y: 8 }, '\x1bE'],
    ['to the start of the row', { x: 7, y: 7 }, { x: 0, y: 7 }, '\r'],
    ['a column back', { x: 7, y: 7 }, { x: 6, y: 7 }, '\b'],
    ['home', { x: 7, y: 7 }, { x: 0, y: 0 }, '\x1b[H'],
  ])('costs as little as it can: %s', (_, from, to, bytes) => {
    expect(move(from, to, COLUMNS)).toBe(bytes)
  })
})
