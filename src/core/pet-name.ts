/** Pet names: what a person calls a peer. Pure. */
import { type SafeText, safeText, say } from './safe-text.ts'

/** The longest name, in graphemes: what a reader counts as characters. */
export const MAX_NAME_LENGTH = 32

/** A name, or what is wrong with the words. */
export type CheckedName = { name: SafeText } | { problem: SafeText }

/** What a target begins with that is no name, and what the screen itself writes. */
const TAKEN_SIGNS = /^[/@:-]|["'\\…\uFFFD]/

/**
 * Reads a name: 1 to {@link MAX_NAME_LENGTH} graphemes that can be shown, and that no
 * target could be mistaken for: a Peer ID is longer.
 */
export function checkName(words: string): CheckedName {
  const composed = words.normalize('NFC')
  if (composed === '') return { problem: say`A name needs at least one character` }
  if (composed !== composed.trim()) return { problem: say`A name neither begins nor ends with a blank` }
  // Longer text is cut by safeText; a grapheme has a base and a few marks.
  const name = safeText(composed, MAX_NAME_LENGTH * 8)
  if (graphemes(composed) > MAX_NAME_LENGTH) {
    return { problem: say`A name has at most ${MAX_NAME_LENGTH} characters` }
  }
  if (name !== composed) return { problem: say`"${name}" has characters that cannot be shown safely` }
  if (TAKEN_SIGNS.test(name)) {
    return { problem: say`A name has no quotes, \\ or … in it, and does not begin with /, @, : or -` }
  }
  return { name }
}

function graphemes(text: string): number {
  return [...new Intl.Segmenter().segment(text.slice(0, MAX_NAME_LENGTH * 64))].length
}

/**
 * Letters of other alphabets, digits and pairs that most fonts draw like a Latin letter: the common ones of
 * https://www.unicode.org/reports/tr39/#Confusable_Detection, in lower case.
 */
const HOMOGLYPHS: Readonly<Record<string, string>> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'l', ј: 'j', ѕ: 's', ԁ: 'd', ԛ: 'q', ԝ: 'w', һ: 'h',
  в: 'b', к: 'k', м: 'm', н: 'h', т: 't', г: 'r', ӏ: 'l',
  α: 'a', ο: 'o', ν: 'v', ρ: 'p', τ: 't', υ: 'u', χ: 'x', ι: 'l', κ: 'k', ε: 'e', η: 'n', γ: 'y', β: 'b', μ: 'm',
  ı: 'l', i: 'l', ø: 'o', ł: 'l', đ: 'd', ß: 'b', '0': 'o', '1': 'l', '|': 'l', '5': 's', '!': 'l',
} // biome-ignore format: a table

/**
 * What names that look alike have in common: compatibility forms, case, accents, blanks and dashes do not count, and
 * {@link HOMOGLYPHS} are the letters that they look like.
 */
export function skeleton(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[\s_.\p{Pd}]+/gu, '')
  return [...plain]
    .map(letter => HOMOGLYPHS[letter] ?? letter)
    .join('')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}
