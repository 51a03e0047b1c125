import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PLAIN, type Style, styleAfter, styleChange, styleOfBlank } from '../../../src/ui/screen/style.ts'
import { Emulator } from './emulator.ts'

const channel = fc.nat(255)
const colour = (ground: 3 | 4) =>
  fc.oneof(
    fc.nat(7).map(code => `${ground}${code}`),
    fc.nat(7).map(code => `${ground === 3 ? 9 : 10}${code}`),
    channel.map(code => `${ground}8;5;${code}`),
    fc.tuple(channel, channel, channel).map(rgb => `${ground}8;2;${rgb.join(';')}`),
    fc.constant(`${ground}9`),
  )
const flag = fc.constantFrom(
  '1',
  '2',
  '3',
  '4',
  '5',
  '7',
  '8',
  '9',
  '53',
  '22',
  '23',
  '24',
  '25',
  '27',
  '28',
  '29',
  '55',
)
const codes = fc.array(fc.oneof(flag, flag, colour(3), colour(4), fc.constantFrom('', '0')), { maxLength: 6 })
const parameters = codes.map(all => all.join(';'))
/** What two styles that have much in common differ in. */
const few = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom('1', '2', '22') }, flag, colour(3)), {
    maxLength: 3,
  })
  .map(all => all.join(';'))
const styleOf = (...all: string[]): Style => all.reduce(styleAfter, PLAIN)
/** Words for SGR parameters as tests need them. */
const RED = '31'
const ON_BLUE = '44'

describe('a style', () => {
  it('is what the emulator makes of the same sequences', async () => {
    const emulator = new Emulator(4, 1)
    await fc.assert(
      fc.asyncProperty(fc.array(parameters, { maxLength: 4 }), async all => {
        const wanted = all.map(each => `\x1b[${each}m`).join('')
        await emulator.show(`\x1b[m\x1b[H${wanted}x`)
        const before = emulator.picture()
        await emulator.show(`\x1b[m\x1b[H${styleChange(PLAIN, styleOf(...all))}x`)
        expect(emulator.picture()).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })

  it('is reached from any other, and by no more than a reset and itself', async () => {
    const emulator = new Emulator(4, 1)
    await fc.assert(
      fc.asyncProperty(parameters, few, few, async (common, first, second) => {
        const [from, to] = [styleOf(common, first || '39'), styleOf(common, second || '39')]
        await emulator.show(`\x1b[m\x1b[H${styleChange(PLAIN, to)}x`)
        const wanted = emulator.picture()
        const change = styleChange(from, to)
        await emulator.show(`\x1b[m\x1b[H${styleChange(PLAIN, from)}${change}x`)
        expect(emulator.picture()).toEqual(wanted)
        const afresh = `\x1b[m${styleChange(PLAIN, to)}`
        expect(change.length).toBeLessThanOrEqual(afresh.length)
      }),
      { numRuns: 300 },
    )
  })

  it('is one and the same object when it looks the same', () => {
    expect(styleOf('1;31')).toBe(styleOf('31', '1'))
    expect(styleOf('1', '22')).toBe(PLAIN)
    expect(styleOf('1;31', '')).toBe(PLAIN)
    expect(styleOf('1')).not.toBe(styleOf('2'))
  })

  it('needs nothing to stay', () => {
    expect(styleChange(styleOf(RED), styleOf(RED))).toBe('')
    expect(styleChange(styleOf('1;31'), PLAIN)).toBe('\x1b[m')
    expect(styleChange(styleOf('1'), styleOf('2'))).toBe('\x1b[;2m')
    // One code ends bold and dim.
    expect(styleChange(styleOf('1;2;38;5;208'), styleOf('2;38;5;208'))).toBe('\x1b[22;2m')
  })

  it('shows on a blank by its background, and as a whole where a line or inversion is seen', () => {
    expect(styleOfBlank(styleOf('1', RED))).toBe(PLAIN)
    expect(styleOfBlank(styleOf('1', RED, ON_BLUE))).toBe(styleOf(ON_BLUE))
    for (const visible of ['4', '7', '9', '53']) {
      expect(styleOfBlank(styleOf(visible, RED))).toBe(styleOf(visible, RED))
    }
  })
})
