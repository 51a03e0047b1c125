import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SafeText, safeText } from '../../src/core/safe-text.ts'
import { type Align, type CutFrom, cut, graphemes, pad, widthOf } from '../../src/core/width.ts'

const text = (plain: string) => plain as SafeText
const anyText = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc
      .array(fc.constantFrom('a', '日', '😀', '👍🏽', '🇩🇪', 'é', 'ﾊﾞ', ' '), { maxLength: 30 })
      .map(a => a.join('')),
  )
  .map(value => safeText(value))
const columns = fc.integer({ min: 0, max: 50 })

describe('widthOf', () => {
  it('counts columns, not characters', () => {
    expect(widthOf('peer')).toBe(4)
    expect(widthOf('日本')).toBe(4)
    expect(widthOf('😀')).toBe(2)
    expect(widthOf('e\u0301')).toBe(1)
    expect(widthOf('')).toBe(0)
  })
})

describe('graphemes', () => {
  it('takes what a person takes for one character as one', () => {
    expect(graphemes('ab')).toEqual(['a', 'b'])
    expect(graphemes('e\u0301🇩🇪日')).toEqual(['e\u0301', '🇩🇪', '日'])
  })
})

describe('cut', () => {
  it('leaves what fits', () => {
    expect(cut(text('peers'), 5)).toBe('peers')
    expect(cut(text('日本'), 4)).toBe('日本')
  })

  it('leaves out the end, the middle or the start', () => {
    expect(cut(text('12D3KooWabcdef'), 7)).toBe('12D3Ko…')
    expect(cut(text('12D3KooWabcdef'), 7, { from: 'middle' })).toBe('12D…def')
    expect(cut(text('12D3KooWabcdef'), 7, { from: 'start' })).toBe('…abcdef')
  })

  it('never takes half of a wide character', () => {
    expect(cut(text('日本語'), 4)).toBe('日…')
    expect(cut(text('日本語'), 4, { from: 'start' })).toBe('…語')
    expect(cut(text('日本語'), 1)).toBe('…')
    expect(cut(text('日本語'), 0)).toBe('')
    expect(cut(text('日本語'), -3)).toBe('')
  })

  it('is never wider than asked for, and keeps the ends that it should', () => {
    fc.assert(
      fc.property(
        anyText,
        columns,
        fc.constantFrom<CutFrom>('end', 'middle', 'start'),
        (value, room, from) => {
          const result = cut(value, room, { from })
          expect(widthOf(result)).toBeLessThanOrEqual(room)
          if (widthOf(value) <= room) {
            expect(result).toBe(value)
          } else if (room > 0 && Math.max(...graphemes(value).map(widthOf)) <= 2) {
            // Nothing more would have fit: a wide character is all that may be missing at each cut.
            expect(widthOf(result)).toBeGreaterThanOrEqual(room - (from === 'middle' ? 2 : 1))
            expect(result).toContain('…')
          }
        },
      ),
    )
  })
})

describe('pad', () => {
  it('fills with blanks on the side that is asked for', () => {
    expect(pad(text('12'), 5)).toBe('12   ')
    expect(pad(text('12'), 5, 'right')).toBe('   12')
    expect(pad(text('12'), 5, 'center')).toBe(' 12  ')
    expect(pad(text('日本語'), 4)).toBe('日… ')
  })

  it('is exactly as wide as asked for', () => {
    fc.assert(
      fc.property(
        anyText,
        columns,
        fc.constantFrom<Align>('left', 'right', 'center'),
        (value, room, align) => {
          expect(widthOf(pad(value, room, align))).toBe(room)
        },
      ),
    )
  })
})
