import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinSafe, NAME_LENGTH, safeMessage, safeText, say } from '../../src/core/safe-text.ts'
import { widthOf } from '../../src/core/width.ts'

/** What must never reach a terminal. */
const DANGEROUS = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u

describe('safe text', () => {
  it('leaves ordinary text of any script as it is', () => {
    for (const text of ['kubo/0.38.1', 'Grüße', '日本語', 'שלום', '😀', 'नमस्ते', '/ip4/10.0.0.1/tcp/1']) {
      expect(safeText(text)).toBe(text)
    }
  })

  it.each([
    ['a CSI sequence', '\u001b[31mred', '\uFFFD[31mred'],
    ['an OSC 52 clipboard write', '\u001b]52;c;cHdu\u0007', '\uFFFD]52;c;cHdu\uFFFD'],
    ['a C1 CSI', '\u009b2J', '\uFFFD2J'],
    ['an OSC 8 hyperlink', '\u001b]8;;http://x\u001b\\y', '\uFFFD]8;;http://x\uFFFD\\y'],
    ['zero bytes', 'a\u0000b', 'a\uFFFDb'],
    ['a bidi override', 'abc\u202Etxt.exe', 'abc\uFFFDtxt.exe'],
    ['bidi isolates', '\u2066a\u2069', '\uFFFDa\uFFFD'],
    ['zero-width characters', 'a\u200B\u200D\uFEFFb', 'a\uFFFD\uFFFD\uFFFDb'],
    ['a lone surrogate', 'a\ud800b', 'a\uFFFDb'],
    ['letters that are drawn as nothing', 'a\u3164b', 'a\uFFFDb'],
    ['tag characters', 'a\u{E0041}', 'a\uFFFD'],
  ])('replaces %s, so that one sees that something was there', (_, raw, clean) => {
    expect(safeText(raw)).toBe(clean)
  })

  it('keeps to one line', () => {
    expect(safeText('one\r\n\ttwo\u2028three')).toBe('one two\uFFFDthree')
  })

  it('holds a pile of combining marks down', () => {
    const zalgo = safeText(`a${'\u0301'.repeat(100)}b`)
    expect(zalgo.length).toBeLessThan(10)
    expect(zalgo.endsWith('b')).toBe(true)
  })

  it('cuts what is too long, also in the middle of an emoji', () => {
    const long = safeText('x'.repeat(5_000))
    expect(long).toHaveLength(NAME_LENGTH)
    expect(long.endsWith('…')).toBe(true)
    expect(safeText('😀'.repeat(100), 10)).not.toMatch(/\p{Cs}/u)
    expect(safeMessage('y'.repeat(5_000)).length).toBeGreaterThan(NAME_LENGTH)
  })

  it('takes anything for text', () => {
    expect(safeText(new Error('bad\n'))).toBe('bad ')
    expect(safeText(undefined)).toBe('undefined')
    expect(safeText(42)).toBe('42')
    expect(
      safeText({
        toString: () => {
          throw new Error('no')
        },
      }),
    ).toBe('(unprintable)')
    expect(safeText(Object.create(null))).toBe('(unprintable)')
  })

  it('is safe and bounded whatever comes, and safe text stays as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 1, max: 200 }),
        (raw, most) => {
          const text = safeText(raw, most)
          expect(text).not.toMatch(DANGEROUS)
          expect(text.length).toBeLessThanOrEqual(most)
          expect(safeText(text, most)).toBe(text)
          expect(widthOf(text)).toBeLessThanOrEqual(most * 2)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('our own words', () => {
  it('take in safe text and numbers', () => {
    expect(say`${safeText('\u001b')} has ${3} addresses`).toBe('\uFFFD has 3 addresses')
    expect(joinSafe([say`a`, say`b`], ' · ')).toBe('a · b')
  })

  it('do not take a plain string', () => {
    const remote: string = '\u001b[2J'
    // @ts-expect-error what is not known to be safe has to go through safeText
    expect(say`hello ${remote}`).toBeDefined()
  })
})
