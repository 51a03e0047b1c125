/** Random frames as Ink writes them, and small changes of them. */
import fc from 'fast-check'
import { widthOf } from '../../../src/core/width.ts'

/** A character and how it looks. */
export interface Ink {
  text: string
  look: Look
}

/** Sequences that begin a style, and those that end it. */
export interface Look {
  on: string
  off: string
  /** True when the style has a background. */
  ground: boolean
}

/** Rows of characters; a row may be longer or shorter than the screen is wide. */
export type Frame = Ink[][]

const PLAIN: Look = { on: '', off: '', ground: false }
const BLANK: Ink = { text: ' ', look: PLAIN }

const colour = (ground: 38 | 48) => {
  const base = ground - 8
  return fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: base, max: base + 7 }).map(String) },
    fc.integer({ min: base + 60, max: base + 67 }).map(String),
    fc.nat(255).map(code => `${ground};5;${code}`),
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map(rgb => `${ground};2;${rgb.join(';')}`),
  )
}
const FLAGS = [
  ['1', '22'],
  ['2', '22'],
  ['3', '23'],
  ['4', '24'],
  ['5', '25'],
  ['7', '27'],
  ['8', '28'],
  ['9', '29'],
  ['53', '55'],
] as const
const part = fc.oneof(
  { weight: 3, arbitrary: colour(38).map(code => [code, '39'] as const) },
  { weight: 2, arbitrary: colour(48).map(code => [code, '49'] as const) },
  { weight: 4, arbitrary: fc.constantFrom(...FLAGS) },
)

/** A style as chalk writes it (each part begun and ended by its own sequence), or reset as a whole. */
const look: fc.Arbitrary<Look> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(PLAIN) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('each', 'reset', 'zero', 'joined'),
      )
      .map(([parts, ending]) => lookOf(parts, ending)),
  },
)

function lookOf(parts: readonly (readonly [string, string])[], ending: string): Look {
  const sgr = (code: string) => `\x1b[${code}m`
  const ons = parts.map(([on]) => on)
  const offs = parts.map(([, off]) => off).reverse()
  const ground = offs.includes('49')
  if (ending === 'joined') return { on: sgr(ons.join(';')), off: sgr(offs.join(';')), ground }
  const on = ons.map(sgr).join('')
  if (ending === 'each') return { on, off: offs.map(sgr).join(''), ground }
  return { on, off: ending === 'zero' ? sgr('0') : sgr(''), ground }
}

/** Characters whose width the emulator takes for what Ink takes it for. */
const character = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...'abcXYZ0189.:/-') },
  { weight: 6, arbitrary: fc.constant(' ') },
  { weight: 3, arbitrary: fc.constantFrom(...'│─━●○▸…·é') },
  { weight: 2, arbitrary: fc.constantFrom(...'▁▂▃▄▅▆▇█') },
  { weight: 2, arbitrary: fc.constantFrom('日', '本', '語', '한', 'ｗ') },
  { weight: 1, arbitrary: fc.constantFrom('e\u0301', 'a\u0300\u0323', 'ö\u0301', '語\u0301') },
  { weight: 1, arbitrary: fc.constantFrom('😀', '🚀', '👍🏽', '🇩🇪', '✅') },
)

/** Neighbours mostly look alike. */
const stretch = fc
  .tuple(look, fc.array(character, { minLength: 1, maxLength: 12 }))
  .map(([style, texts]) => texts.map((text): Ink => ({ text, look: style })))

/** Part of a row. */
export const anyStretch: fc.Arbitrary<Ink[]> = fc.oneof(
  { weight: 5, arbitrary: stretch },
  { weight: 1, arbitrary: fc.nat(30).map(length => new Array<Ink>(length).fill(BLANK)) },
)

/** A row of any length. */
export const anyRow: fc.Arbitrary<Ink[]> = fc.array(anyStretch, { maxLength: 8 }).map(parts => parts.flat())

/** A frame of up to so many rows. */
export const anyFrame = (rows: number): fc.Arbitrary<Frame> => fc.array(anyRow, { maxLength: rows })

/** The row as Ink writes it: cut to the columns, without blanks at its end. */
export function written(row: readonly Ink[], columns: number): string {
  return asText(cutTo(row, columns))
}

/**
 * The row as Ink writes it for a terminal that has just become narrower: too long. Without backgrounds and
 * wide characters, for terminals disagree whether a row that comes up from below has the background in force, and what
 * stands in the last column where a wide character did not fit.
 */
export function writtenTooLong(row: readonly Ink[]): string {
  return asText(row.filter(({ text, look }) => !look.ground && widthOf(text) === 1))
}

function cutTo(row: readonly Ink[], columns: number): Ink[] {
  const fitting: Ink[] = []
  let used = 0
  for (const ink of row) {
    used += widthOf(ink.text)
    if (used > columns) break
    fitting.push(ink)
  }
  return fitting
}

function asText(row: readonly Ink[]): string {
  let text = ''
  let current = PLAIN
  for (const ink of row) {
    if (ink.look !== current) text += current.off + ink.look.on
    current = ink.look
    text += ink.text
  }
  return (text + current.off).trimEnd()
}

/** A change of a frame. */
export type Change =
  /** Some characters in the middle of a row. */
  | { kind: 'edit'; y: number; x: number; put: Ink[] }
  /** Rows move, and new ones come; where `rightOf` is given, only what stands there. */
  | { kind: 'scroll'; top: number; height: number; by: number; rightOf: number | undefined; fresh: Ink[][] }
  /** A whole row. */
  | { kind: 'row'; y: number; row: Ink[] }

const place = fc.nat(200)

export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      y: place,
      x: place,
      put: fc.oneof(
        fc.tuple(character, look).map(([text, style]): Ink[] => [{ text, look: style }]),
        anyStretch,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('scroll' as const),
      top: place,
      height: place,
      by: fc.integer({ min: -6, max: 6 }),
      rightOf: fc.option(place, { nil: undefined }),
      fresh: fc.array(anyRow, { minLength: 6, maxLength: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('row' as const), y: place, row: anyRow }) },
)

/** The frame with the change. */
export function changed(frame: Frame, change: Change): Frame {
  const next = frame.map(row => [...row])
  if (next.length === 0) return next
  const y = ('y' in change ? change.y : change.top) % next.length
  if (change.kind === 'row') next[y] = change.row
  else if (change.kind === 'edit') next[y]?.splice(change.x % 60, change.put.length, ...change.put)
  else scroll(frame, next, y, change)
  return next
}

function scroll(frame: Frame, next: Frame, top: number, change: Change & { kind: 'scroll' }): void {
  const bottom = Math.min(next.length - 1, top + change.height)
  for (let y = top; y <= bottom; y += 1) {
    const from = y + change.by
    const inside = from >= top && from <= bottom
    const row = (inside ? frame[from] : change.fresh[Math.abs(y) % change.fresh.length]) ?? []
    const left = change.rightOf === undefined ? 0 : change.rightOf % 40
    next[y] = [...(frame[y] ?? []).slice(0, left), ...row.slice(left)]
  }
}
