import { describe, expect, it } from 'vitest'
import { isWidthCertain } from '../../../src/ui/screen/certain-width.ts'
import { ScreenOutput } from '../../../src/ui/screen/screen-output.ts'
import { Emulator } from './emulator.ts'
import { SwitchedLine } from './switched-line.ts'

const FAMILY = '👨‍👩‍👧‍👦'
const HEART = '❤\uFE0F'

/** A screen in front of a terminal that gives emoji other widths than we do. */
class Drawn {
  readonly emulator: Emulator
  readonly #line: SwitchedLine
  readonly #output: ScreenOutput

  constructor(columns: number, rows: number, { oldWidths = true } = {}) {
    this.emulator = new Emulator(columns, rows, { oldWidths })
    this.#line = new SwitchedLine(columns, rows)
    this.#output = new ScreenOutput(this.#line)
    this.#output.write('\x1b[?1049h')
  }

  /** Shows a frame, as Ink writes one. */
  async show(...lines: string[]): Promise<void> {
    this.#output.write(`\x1b[1;1H\x1b[J${lines.join('\n')}`)
    await Promise.resolve()
    await this.emulator.show(this.#line.take())
  }
}

describe('characters that are certain', () => {
  it.each(['a', 'é', 'e\u0301', '│', '█', '日', '한', '…', '\u00a0'])('count as such: %s', text => {
    expect(isWidthCertain(text)).toBe(true)
  })

  it.each(['😀', '👍🏽', '🇩🇪', FAMILY, HEART, '1\uFE0F\u20E3', '✅', 'कि', 'ﾊﾞ', 'क्ष'])(
    'do not count as such: %s',
    text => {
      expect(isWidthCertain(text)).toBe(false)
    },
  )
})

describe('a terminal that takes emoji for narrower', () => {
  it.each([['😀'], ['🚀'], [HEART], ['👍🏽'], ['🇩🇪']])(
    'has everything else in its column beside %s',
    async emoji => {
      const drawn = new Drawn(20, 3)
      await drawn.show(`ab${emoji}cd│ef`, 'second')
      for (const [x, text] of [...'ab'].entries()) expect(drawn.emulator.cell(x, 0)).toBe(text)
      for (const [x, text] of [...'cd│ef'].entries()) expect(drawn.emulator.cell(4 + x, 0)).toBe(text)
      expect(drawn.emulator.row(1)).toBe('second')
    },
  )

  it('is not relied on where the cursor passes one', async () => {
    const drawn = new Drawn(20, 3)
    await drawn.show('ab😀cd')
    await drawn.show('aX😀Yd')
    expect([1, 4, 5].map(x => drawn.emulator.cell(x, 0))).toEqual(['X', 'Y', 'd'])
  })

  it('keeps nothing of what stood there before', async () => {
    const drawn = new Drawn(20, 3)
    await drawn.show('abXYcd│ef')
    await drawn.show('ab😀cd│ef')
    expect(drawn.emulator.row(0)).toBe('ab😀 cd│ef')
    await drawn.show('abXYcd│ef')
    expect(drawn.emulator.row(0)).toBe('abXYcd│ef')
    await drawn.show('a😀cd│ef')
    await drawn.show('abc😀d│ef')
    expect(drawn.emulator.row(0)).toBe('abc😀 d│ef')
  })
})

describe('a terminal that takes emoji for wider', () => {
  it('has everything else in its column', async () => {
    // Each member of the family takes two columns there.
    const drawn = new Drawn(20, 3, { oldWidths: false })
    await drawn.show(`ab${FAMILY}cdefghijkl`, 'second')
    for (const [x, text] of [...'cdefghijkl'].entries()) expect(drawn.emulator.cell(4 + x, 0)).toBe(text)
    await drawn.show('abXYcdefghijkl', 'second')
    expect(drawn.emulator.row(0)).toBe('abXYcdefghijkl')
    // What it covers now stood there before.
    await drawn.show(`ab${FAMILY}cdefghijkl`, 'second')
    for (const [x, text] of [...'cdefghijkl'].entries()) expect(drawn.emulator.cell(4 + x, 0)).toBe(text)
    expect(drawn.emulator.row(1)).toBe('second')
  })

  it('does not go on with them in the next row, nor scroll', async () => {
    const drawn = new Drawn(10, 3, { oldWidths: false })
    await drawn.show('first', `12345678${FAMILY}`, 'third')
    expect([0, 1, 2].map(y => drawn.emulator.row(y))).toEqual([
      'first',
      expect.stringMatching(/^12345678/),
      'third',
    ])
    await drawn.show('first', 'second', `12345678${FAMILY}`)
    expect([0, 1].map(y => drawn.emulator.row(y))).toEqual(['first', 'second'])
    expect(drawn.emulator.row(2)).toMatch(/^12345678/)
    // The terminal wraps again afterwards.
    await drawn.emulator.show('\x1b[m\x1b[H1234567890x')
    expect(drawn.emulator.row(1)).toMatch(/^x/)
  })
})
