import fc from 'fast-check'
import { expect, it } from 'vitest'
import { safeText, say } from '../../src/core/safe-text.ts'
import { widthOf } from '../../src/core/width.ts'
import { wrap } from '../../src/ui/wrap.ts'

it('breaks at blanks, and inside a word only when it is wider than the line', () => {
  expect(wrap(say`the quick brown fox`, 10)).toEqual(['the quick', 'brown fox'])
  expect(wrap(say`see /ip4/127.0.0.1/tcp/4001`, 12)).toEqual(['see', '/ip4/127.0.0', '.1/tcp/4001'])
  expect(wrap(say`日本語テキスト`, 5)).toEqual(['日本', '語テ', 'キス', 'ト'])
})

it('never makes a line too wide nor loses a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 8, max: 30 }), (raw, columns) => {
      const text = safeText(raw)
      const lines = wrap(text, columns)
      expect(lines.filter(line => widthOf(line) > columns)).toEqual([])
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }),
  )
})
