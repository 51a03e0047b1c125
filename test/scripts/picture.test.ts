import { Resvg } from '@resvg/resvg-js'
import { Terminal } from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { type Cell, cellsOf } from '../../scripts/picture/cells.ts'
import { mix, paletteColour } from '../../scripts/picture/colours.ts'
import { toSvg } from '../../scripts/picture/svg.ts'

/** What a terminal of some columns and rows shows after it was sent a text. */
async function shown(text: string, columns = 20, rows = 1): Promise<Cell[][]> {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true })
  await new Promise<void>(resolve => terminal.write(text, resolve))
  return cellsOf(terminal)
}

async function svgOf(text: string, columns = 20, rows = 1): Promise<string> {
  return toSvg(await shown(text, columns, rows), 'a title')
}

/** The elements of a picture that draw this text. */
function drawing(svg: string, text: string): string[] {
  return svg.split('\n').filter(line => line.startsWith('<text') && line.includes(`>${text}<`))
}

function columnOf(element: string): number {
  return Number(/ x="([\d.]+)"/.exec(element)?.[1]) / 8.43
}

describe('the cells of a screen', () => {
  it('have the colours of a terminal, dimmed and inverted as there', async () => {
    const [row = []] = await shown('\u001b[32mg\u001b[1mb\u001b[0;2md\u001b[0;7mi\u001b[0;38;2;1;2;3mr')
    const [green, bold, dim, inverse, exact] = row
    expect(green).toMatchObject({ text: 'g', colour: paletteColour(2), bold: false })
    expect(bold).toMatchObject({ colour: paletteColour(2), bold: true })
    expect(dim?.colour).not.toBe(inverse?.background)
    expect(inverse).toMatchObject({ colour: '#12161c', background: '#cdd3dc' })
    expect(exact?.colour).toBe('#010203')
  })

  it('are as many as there are characters: a wide one is one', async () => {
    const [row = []] = await shown('a日b', 6)
    expect(row.map(({ text, width }) => `${text}${width}`)).toEqual(['a1', '日2', 'b1', ' 1', ' 1'])
  })
})

describe('a picture of a screen', () => {
  it('is one that a renderer takes, whatever text is in it', async () => {
    const svg = await svgOf('<b a="1">&amp;</b> ]]>', 40)
    expect(svg).toContain('&lt;b')
    expect(() => new Resvg(svg).render()).not.toThrow()
  })

  it('asks for no other file', async () => {
    const svg = await svgOf('https://example.org/a.png', 40)
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/href|url\(|@import|<image|<script/)
  })

  it('holds each word to its columns, also after wide characters', async () => {
    const svg = await svgOf('one 日本 two', 20)
    const [two = ''] = drawing(svg, 'two')
    expect(columnOf(two)).toBeCloseTo(9, 2)
    expect(two).toContain('textLength="25.29"')
    const [wide = ''] = drawing(svg, '日')
    // In the middle of its two columns.
    expect(columnOf(wide)).toBeCloseTo(5, 2)
  })

  it('draws lines without a break and bars as high as they are', async () => {
    const svg = await svgOf('───\r\n▄█', 4, 2)
    expect(svg).toContain('width="25.29" height="1.08"')
    expect(svg).toMatch(/height="9" fill/)
    expect(svg).toMatch(/height="18" fill/)
  })

  it('shows inverse text on its background, as far as it goes', async () => {
    const svg = await svgOf('ab\u001b[7mcd\u001b[0mef', 10)
    expect(svg).toContain('<rect x="16.86" y="0" width="16.86" height="18" fill="#cdd3dc"/>')
    expect(drawing(svg, 'cd')[0]).toContain('fill="#12161c"')
  })

  it('marks what is bold or underlined', async () => {
    const svg = await svgOf('\u001b[1mbold\u001b[0m \u001b[4munder\u001b[0m', 20)
    expect(drawing(svg, 'bold')[0]).toContain('font-weight="bold"')
    expect(drawing(svg, 'under')[0]).toContain('text-decoration="underline"')
  })
})

describe('colours', () => {
  it('are those of xterm beyond the first 16', () => {
    expect(paletteColour(16)).toBe('#000000')
    expect(paletteColour(196)).toBe('#ff0000')
    expect(paletteColour(231)).toBe('#ffffff')
    expect(paletteColour(244)).toBe('#808080')
  })

  it('mix', () => {
    expect(mix('#000000', '#ff8000', 0.5)).toBe('#804000')
  })
})
