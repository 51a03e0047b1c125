/** A typed line as words. */

/** One word of a line and its place there. */
export interface Word {
  /** Without its quotes. */
  text: string
  /** Where it begins and ends in the line, quotes included (UTF-16 units). */
  start: number
  end: number
  /** Its last quote has no twin. */
  open: boolean
}

const WORD = /(?:[^\s"']|"[^"]*(?:"|$)|'[^']*(?:'|$))+/g
const QUOTED = /"([^"]*)("|$)|'([^']*)('|$)/g

/** Splits at blanks; what stands in quotes, single or double, stays together. Never throws. */
export function splitWords(line: string): Word[] {
  return Array.from(line.matchAll(WORD), ({ 0: raw, index }) => {
    let open = false
    const text = raw.replace(QUOTED, (_, double, doubleEnd, single, singleEnd) => {
      open ||= (doubleEnd ?? singleEnd) === ''
      return double ?? single
    })
    return { text, start: index, end: index + raw.length, open }
  })
}
