import { describe, expect, it } from 'vitest'
import {
  formatAge,
  formatBytes,
  formatDuration,
  formatMs,
  formatRate,
  formatShare,
  formatTime,
  plural,
  shortPeerId,
} from '../../src/core/format.ts'
import { say } from '../../src/core/safe-text.ts'

describe('shortPeerId', () => {
  it('shows the end, where Ed25519 ids differ', () => {
    expect(shortPeerId(say`12D3KooWGzBxq6GBLrqmHw1Wkd8f7fXZ5kGvA5Y5h1YxKz8f3aQd`)).toBe('…Kz8f3aQd')
  })
  it('leaves what is short already', () => {
    expect(shortPeerId(say`QmShort`)).toBe('QmShort')
  })
})

describe('formatMs', () => {
  it.each([
    [0, '0.000 ms'],
    [0.1423, '0.142 ms'],
    [0.99949, '0.999 ms'],
    [0.9996, '1.00 ms'],
    [3.214, '3.21 ms'],
    [9.996, '10.0 ms'],
    [18.42, '18.4 ms'],
    [99.96, '100 ms'],
    [184.4, '184 ms'],
    [9999, '9999 ms'],
    [9999.6, '10.0 s'],
    [undefined, '–'],
  ])('%s is %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text)
  })
  it('never takes more than eight columns', () => {
    for (let ms = 0.0004; ms < 1e7; ms *= 1.0137) expect(formatMs(ms).length).toBeLessThanOrEqual(8)
  })
})

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [999.6, '1.0 kB'],
    [1000, '1.0 kB'],
    [1240, '1.2 kB'],
    [9960, '10 kB'],
    [24_300, '24 kB'],
    [999_600, '1.0 MB'],
    [3_420_000_000, '3.4 GB'],
  ])('%s is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
  it('never takes more than six columns, a rate never more than eight', () => {
    for (let bytes = 1; bytes < 1e17; bytes *= 1.0137) {
      expect(formatBytes(bytes).length).toBeLessThanOrEqual(6)
      expect(formatRate(bytes).length).toBeLessThanOrEqual(8)
    }
  })
})

describe('ages and durations', () => {
  it('shows an age in its largest unit', () => {
    expect([-5, 900, 4200, 61_000, 7_300_000, 4e8].map(formatAge)).toEqual([
      '0 s',
      '0 s',
      '4 s',
      '1 min',
      '2 h',
      '4 d',
    ])
  })
  it('shows a duration in its two largest', () => {
    expect([340, 1000, 42_000, 200_000, 7_500_000, 4e8].map(formatDuration)).toEqual([
      '0.3 s',
      '1 s',
      '42 s',
      '3 min 20 s',
      '2 h 5 min',
      '4 d 15 h',
    ])
  })
})

it('shows the local time of day', () => {
  const time = new Date(2026, 4, 3, 4, 5, 6, 7).getTime()
  expect(formatTime(time)).toBe('04:05:06')
  expect(formatTime(time, true)).toBe('04:05:06.007')
})

it('shows shares and counts', () => {
  expect([undefined, 0, 0.004, 0.25, 1].map(formatShare)).toEqual(['–', '0 %', '0.4 %', '25 %', '100 %'])
  expect(plural(1, say`peer`, say`peers`)).toBe('1 peer')
  expect(plural(0, say`peer`, say`peers`)).toBe('0 peers')
})
