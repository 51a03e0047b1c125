import { describe, expect, it } from 'vitest'
import { graphemes, widthOf } from '../../../src/core/width.ts'
import { VirtualTerminal } from '../../../src/ui/screen/virtual-terminal.ts'

/** The rows of a terminal after something was written, blanks included. */
function shows(columns: number, rows: number, written: string): string[] {
  const terminal = new VirtualTerminal(columns, rows)
  terminal.write(written)
  return Array.from({ length: rows }, (_, y) =>
    terminal.grid.text.slice(y * columns, (y + 1) * columns).join(''),
  )
}

describe('the terminal in memory', () => {
  it('wraps only before the next character, and scrolls at the bottom', () => {
    expect(shows(3, 2, 'abc')).toEqual(['abc', '   '])
    expect(shows(3, 2, 'abcd')).toEqual(['abc', 'd  '])
    expect(shows(3, 2, 'abcdefg')).toEqual(['def', 'g  '])
    expect(shows(3, 2, 'abc\nd\ne')).toEqual(['d  ', 'e  '])
    expect(shows(4, 2, 'abc日')).toEqual(['abc ', '日  '])
  })

  it('gives a mark of its own to the character before it, also in another style', () => {
    expect(shows(3, 1, 'e\x1b[31m\u0301\x1b[39mx')).toEqual(['e\u0301x '])
    expect(shows(3, 1, '\u0301x')).toEqual(['x  '])
  })

  it('takes half of a wide character away with its other half', () => {
    expect(shows(4, 1, '日本\x1b[2Gx')).toEqual([' x本'])
    expect(shows(4, 1, '日本\x1b[3Gx')).toEqual(['日x '])
  })

  it('has no room for a wide character in one column', () => {
    expect(shows(1, 3, '日\nb\n日')).toEqual([' ', 'b', ' '])
  })

  it('puts each sign into a cell of its own that it takes for one', () => {
    const signs = [
      [0x2010, 0x2027],
      [0x2190, 0x21ff],
      [0x2500, 0x25cf],
    ].flatMap(([first = 0, last = 0]) =>
      Array.from({ length: last - first + 1 }, (_, n) => String.fromCodePoint(first + n)),
    )
    expect(signs.filter(sign => widthOf(sign) !== 1)).toEqual([])
    expect(graphemes(signs.join(''))).toEqual(signs)
    expect(shows(signs.length, 1, signs.join(''))).toEqual([signs.join('')])
  })
})
