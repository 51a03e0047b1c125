/** A rectangle inside a cell: x, y, width and height as parts of the cell's own. */
export type Part = readonly [x: number, y: number, width: number, height: number]

const THIN = 0.06
const THICK = 0.13

/** Lines and bars that have to meet those of the next cell, which glyphs of a font with a gap between lines do not. */
const SHAPES: Readonly<Record<string, Part>> = {
  '─': [0, 0.5 - THIN / 2, 1, THIN],
  '━': [0, 0.5 - THICK / 2, 1, THICK],
  '│': [0.5 - THIN, 0, 2 * THIN, 1],
}

const LOWEST_BAR = '▁'.charCodeAt(0)

/** What a character is drawn as when it is no letter; undefined: its font draws it. */
export function shapeOf(text: string): Part | undefined {
  const eighths = text.length === 1 ? text.charCodeAt(0) - LOWEST_BAR + 1 : 0
  if (eighths >= 1 && eighths <= 8) return [0, 1 - eighths / 8, 0.9, eighths / 8]
  return SHAPES[text]
}
