/**
 * How a cell looks, as the terminal's own "select graphic rendition" knows it (SGR, ECMA-48 8.3.117). Equal looks are
 * one and the same object, so that cells are compared by identity.
 */
export interface Style {
  /** Foreground: parameters of SGR, e.g. `31` or `38;5;208`; empty: the terminal's own. */
  readonly fg: string
  /** Background, likewise. */
  readonly bg: string
  /** Bold, dim and so on: bits, see {@link FLAGS}. */
  readonly flags: number
}

interface Flag {
  bit: number
  on: number
  off: number
}

const FLAGS: readonly Flag[] = [
  { bit: 1, on: 1, off: 22 }, // bold
  { bit: 2, on: 2, off: 22 }, // dim
  { bit: 4, on: 3, off: 23 }, // italic
  { bit: 8, on: 4, off: 24 }, // underline
  { bit: 16, on: 5, off: 25 }, // blink
  { bit: 32, on: 7, off: 27 }, // inverse
  { bit: 64, on: 8, off: 28 }, // concealed
  { bit: 128, on: 9, off: 29 }, // struck through
  { bit: 256, on: 53, off: 55 }, // overlined
]
const WEIGHT = 1 | 2
const INVERSE = 32
/** What shows on a blank in the foreground's colour. */
const LINES = 8 | 128 | 256

const known = new Map<string, Style>()

function styleOf(fg: string, bg: string, flags: number): Style {
  const key = `${fg}/${bg}/${flags}`
  let style = known.get(key)
  if (style === undefined) {
    style = { fg, bg, flags }
    known.set(key, style)
  }
  return style
}

/** Text without any style. */
export const PLAIN: Style = styleOf('', '', 0)

const steps = new Map<Style, Map<string, Style>>()

/** The style after an SGR sequence with these parameters (what stands between `ESC [` and `m`). */
export function styleAfter(before: Style, parameters: string): Style {
  // The same few come many times in each frame.
  let row = steps.get(before)
  if (row === undefined) {
    row = new Map()
    steps.set(before, row)
  }
  let after = row.get(parameters)
  if (after === undefined) {
    after = applied(before, parameters)
    row.set(parameters, after)
  }
  return after
}

function applied(before: Style, parameters: string): Style {
  let { fg, bg, flags } = before
  const codes = parameters.split(';').map(Number)
  for (let place = 0; place < codes.length; place += 1) {
    const code = codes[place] ?? 0
    if (code === 0) {
      fg = ''
      bg = ''
      flags = 0
    } else if (code === 38 || code === 48) {
      const length = codes[place + 1] === 2 ? 5 : 3
      const colour = codes.slice(place, place + length).join(';')
      if (code === 38) fg = colour
      else bg = colour
      place += length - 1
    } else if (isColour(code, 30)) fg = code === 39 ? '' : String(code)
    else if (isColour(code, 40)) bg = code === 49 ? '' : String(code)
    else flags = flagsAfter(flags, code)
  }
  return styleOf(fg, bg, flags)
}

/** The eight colours from `base` on, their bright kin 60 further, and the default one. */
function isColour(code: number, base: 30 | 40): boolean {
  return (code >= base && code <= base + 9) || (code >= base + 60 && code <= base + 67)
}

function flagsAfter(flags: number, code: number): number {
  let after = flags
  for (const { bit, on, off } of FLAGS) {
    if (code === on) after |= bit
    else if (code === off) after &= ~bit
  }
  return after
}

const blanks = new Map<Style, Style>()

/**
 * What of a style shows on a blank: neither colour of text nor weight, unless a line or inversion makes them visible.
 * Blanks are kept in this form, so that no bytes are spent on what nobody sees.
 */
export function styleOfBlank(style: Style): Style {
  if (style === PLAIN) return PLAIN
  let blank = blanks.get(style)
  if (blank === undefined) {
    const { bg, flags } = style
    const shows = (flags & (INVERSE | LINES)) !== 0
    blank = shows ? style : styleOf('', bg, 0)
    blanks.set(style, blank)
  }
  return blank
}

const changes = new Map<Style, Map<Style, string>>()

/** The shortest SGR sequence that turns one style into another; empty when they are the same. */
export function styleChange(from: Style, to: Style): string {
  if (from === to) return ''
  let row = changes.get(from)
  if (row === undefined) {
    row = new Map()
    changes.set(from, row)
  }
  let change = row.get(to)
  if (change === undefined) {
    const afresh = sgr(['', ...difference(PLAIN, to)])
    const onward = sgr(difference(from, to))
    change = onward.length < afresh.length ? onward : afresh
    row.set(to, change)
  }
  return change
}

/** A first empty parameter is 0, which resets everything. */
function sgr(codes: readonly string[]): string {
  return `\x1b[${codes.join(';')}m`
}

function difference(from: Style, to: Style): string[] {
  const codes: string[] = []
  let have = from.flags
  // Bold and dim are ended by one code, which ends both.
  if ((have & ~to.flags & WEIGHT) !== 0) {
    codes.push('22')
    have &= ~WEIGHT
  }
  for (const { bit, on, off } of FLAGS) {
    const has = (have & bit) !== 0
    const wants = (to.flags & bit) !== 0
    if (has !== wants) codes.push(String(wants ? on : off))
  }
  if (from.fg !== to.fg) codes.push(to.fg === '' ? '39' : to.fg)
  if (from.bg !== to.bg) codes.push(to.bg === '' ? '49' : to.bg)
  return codes
}
