import type { Cell } from './cells.ts'
import { BACKGROUND, FOREGROUND, mix } from './colours.ts'
import { shapeOf } from './shapes.ts'

const FONT_SIZE = 14
/** A character of most monospaced fonts is this much of its size wide; those of others are stretched to it. */
const CELL_WIDTH = 8.43
const CELL_HEIGHT = 18
/** From a row's top to the line that letters stand on. */
const BASELINE = 14
const MARGIN = 16
const BAR_HEIGHT = 34
const RADIUS = 10
const FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"

/** Characters that look alike and are drawn by one element, from column `x` on. */
interface Chunk {
  x: number
  columns: number
  cell: Cell
  text: string
}

/**
 * A screen as a picture of a terminal's window. Needs no other file and no certain font: every piece of text is held to
 * its columns.
 *
 * @param rows as many as the screen has, each with all its columns
 * @param title stands on the window's bar, and is read out in place of the picture
 */
export function toSvg(rows: readonly (readonly Cell[])[], title: string): string {
  const columns = Math.max(...rows.map(row => row.reduce((sum, { width }) => sum + width, 0)))
  const width = fixed(columns * CELL_WIDTH + 2 * MARGIN)
  const height = fixed(rows.length * CELL_HEIGHT + BAR_HEIGHT + MARGIN)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ` role="img" aria-label="${escaped(title)}" font-family="${FONTS}" font-size="${FONT_SIZE}">`,
    ...windowFrame(width, height, title),
    `<g transform="translate(${MARGIN} ${BAR_HEIGHT})">`,
    ...rows.flatMap((row, y) => drawRow(row, y * CELL_HEIGHT)),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function windowFrame(width: string, height: string, title: string): string[] {
  const edge = mix(BACKGROUND, FOREGROUND, 0.2)
  const middle = BAR_HEIGHT / 2
  return [
    `<rect width="${width}" height="${height}" rx="${RADIUS}" fill="${BACKGROUND}"/>`,
    `<rect x=".5" y=".5" width="${Number(width) - 1}" height="${Number(height) - 1}" rx="${RADIUS}" fill="none" stroke="${edge}"/>`,
    ...['#ef6b73', '#e3bd6b', '#8fcf7e'].map(
      (colour, index) => `<circle cx="${20 + index * 18}" cy="${middle}" r="5.5" fill="${colour}"/>`,
    ),
    `<text x="50%" y="${middle + 4}" font-size="12" text-anchor="middle" fill="${mix(FOREGROUND, BACKGROUND, 0.4)}">${escaped(title)}</text>`,
  ]
}

function drawRow(row: readonly Cell[], y: number): string[] {
  return [
    ...backgroundsOf(row).map(
      ({ x, columns, cell }) =>
        `<rect x="${fixed(x * CELL_WIDTH)}" y="${y}" width="${fixed(columns * CELL_WIDTH)}" height="${CELL_HEIGHT}" fill="${cell.background}"/>`,
    ),
    ...chunksOf(row).map(chunk => drawChunk(chunk, y)),
  ]
}

function drawChunk({ x, columns, cell, text }: Chunk, y: number): string {
  const left = x * CELL_WIDTH
  const span = columns * CELL_WIDTH
  const shape = shapeOf(text.charAt(0))
  if (shape !== undefined) {
    const [dx, dy, width, height] = shape
    // A line goes on through all its cells; a bar keeps its gap.
    const across = width === 1 ? span : width * CELL_WIDTH
    return `<rect x="${fixed(left + dx * CELL_WIDTH)}" y="${fixed(y + dy * CELL_HEIGHT)}" width="${fixed(across)}" height="${fixed(height * CELL_HEIGHT)}" fill="${cell.colour}"/>`
  }
  const looks = [
    `fill="${cell.colour}"`,
    cell.bold ? 'font-weight="bold"' : '',
    cell.underline ? 'text-decoration="underline"' : '',
    // A sign that many fonts lack comes from another one, whose width nobody knows: it stands in its cell's middle.
    isPlain(text)
      ? `x="${fixed(left)}" textLength="${fixed(span)}" lengthAdjust="spacingAndGlyphs"`
      : `x="${fixed(left + span / 2)}" text-anchor="middle"`,
  ]
  return `<text y="${y + BASELINE}" ${looks.filter(look => look !== '').join(' ')}>${escaped(text)}</text>`
}

/** Neighbours on the same background that is not the screen's own. */
function backgroundsOf(row: readonly Cell[]): Chunk[] {
  return gathered(row, (before, cell) => before.background === cell.background).filter(
    ({ cell }) => cell.background !== undefined,
  )
}

/** What there is to draw but backgrounds: words, and signs one by one. Blanks are between them and belong to none. */
function chunksOf(row: readonly Cell[]): Chunk[] {
  return gathered(
    row,
    (before, cell) =>
      sameLooks(before, cell) &&
      (isWord(before) ? isWord(cell) : isLine(before) && before.text === cell.text),
  ).filter(({ text, cell }) => text.trim() !== '' || cell.underline)
}

function gathered(row: readonly Cell[], belongs: (before: Cell, cell: Cell) => boolean): Chunk[] {
  const chunks: Chunk[] = []
  let x = 0
  let before: Cell | undefined
  for (const cell of row) {
    const last = chunks.at(-1)
    if (last !== undefined && before !== undefined && belongs(before, cell)) {
      last.text += cell.text
      last.columns += cell.width
    } else chunks.push({ x, columns: cell.width, cell, text: cell.text })
    x += cell.width
    before = cell
  }
  return chunks
}

function sameLooks(a: Cell, b: Cell): boolean {
  return a.colour === b.colour && a.bold === b.bold && a.underline === b.underline
}

function isWord({ text, width }: Cell): boolean {
  return width === 1 && isPlain(text) && text !== ' '
}

function isLine({ text }: Cell): boolean {
  return shapeOf(text)?.[2] === 1
}

/** Printable ASCII, of which every font has the same width. */
function isPlain(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text)
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
