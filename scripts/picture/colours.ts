/** What the numbers of a terminal's colours look like in a picture. */

export const BACKGROUND = '#12161c'
export const FOREGROUND = '#cdd3dc'

/** The 16 that a terminal's owner chooses: eight plain ones, eight bright ones. */
const NAMED = [
  '#2a313b',
  '#ef6b73',
  '#8fcf7e',
  '#e3bd6b',
  '#6aa8f0',
  '#c88ae6',
  '#5fc9c9',
  '#cdd3dc',
  '#6b7685',
  '#ff8a90',
  '#a9e598',
  '#f2d38a',
  '#8dc0ff',
  '#dba8f5',
  '#82e0e0',
  '#f4f6f9',
]
const CUBE = [0, 95, 135, 175, 215, 255]

/** A colour of xterm's 256: the 16 named ones, a cube of 216, and 24 greys. */
export function paletteColour(index: number): string {
  const named = NAMED[index]
  if (named !== undefined) return named
  if (index >= 232) return rgb([8, 8, 8].map(least => least + (index - 232) * 10))
  const place = index - 16
  return rgb([Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6].map(step => CUBE[step] ?? 0))
}

/** A colour as 24 bits, red first. */
export function rgbColour(value: number): string {
  return `#${value.toString(16).padStart(6, '0')}`
}

/** A colour part of the way to another one: 0 is the first, 1 the second. Both are `#rrggbb`. */
export function mix(from: string, to: string, share: number): string {
  const [a, b] = [parts(from), parts(to)]
  return rgb(a.map((part, index) => Math.round(part + ((b[index] ?? 0) - part) * share)))
}

function parts(colour: string): number[] {
  return [1, 3, 5].map(at => Number.parseInt(colour.slice(at, at + 2), 16))
}

function rgb([red = 0, green = 0, blue = 0]: number[]): string {
  return rgbColour((red << 16) | (green << 8) | blue)
}
