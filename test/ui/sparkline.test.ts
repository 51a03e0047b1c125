import { describe, expect, it } from 'vitest'
import { asciiGlyphs, unicodeGlyphs } from '../../src/ui/glyphs.ts'
import { graph, sparkline } from '../../src/ui/sparkline.ts'

const line = (samples: (number | null)[], columns: number, glyphs = unicodeGlyphs) =>
  sparkline(samples, columns, glyphs)
    .map(span => span.text)
    .join('')

describe('sparkline', () => {
  it('shows the newest on the right, from the least to the greatest', () => {
    expect(line([1, 2, 3, 4, 5, 6, 7, 8], 8)).toBe('▁▂▃▄▅▆▇█')
    expect(line([9, 9, 1, 8], 2)).toBe('▁█')
    expect(line([1, 8], 4)).toBe('  ▁█')
  })
  it('shows a steady link as steady', () => {
    expect(line([100, 101, 100, 102], 4)).toBe('▁▁▁▁')
    expect(line([0, 0], 2)).toBe('▁▁')
  })
  it('marks lost pings, in a style of their own, without colours too', () => {
    expect(sparkline([1, null, 3], 3, unicodeGlyphs)).toEqual([
      { text: '▁', style: 'good' },
      { text: '×', style: 'bad' },
      { text: '█', style: 'good' },
    ])
    expect(line([null, null], 2)).toBe('××')
    expect(line([1, null, 8], 3, asciiGlyphs)).toBe('_x#')
  })
  it('is as wide as asked, or nothing', () => {
    expect(line([], 3)).toBe('   ')
    expect(line([1], 0)).toBe('')
  })
})

it('a graph is a sparkline several rows high', () => {
  const rows = graph([1, 2, null, 9], { columns: 10, rows: 2 }, unicodeGlyphs)
  expect(rows.map(row => row.map(span => span.text).join(''))).toEqual(['   █', '▁▃×█'])
})
