/** Where words begin and end. Pure; places are counted in characters, as in TextBuffer. */
import type { TextBuffer } from './text-buffer.ts'

/** What makes up a word: letters and digits (Alt-B, Alt-F, Alt-D), or everything but blanks (Ctrl-W), as in readline. */
export type WordKind = 'alphanumeric' | 'unbroken'

const MEMBER: Record<WordKind, RegExp> = { alphanumeric: /^[\p{L}\p{N}]/u, unbroken: /^[^ ]/u }

/** The start of the word before the cursor; 0 without one. */
export function wordStart({ clusters, cursor }: TextBuffer, kind: WordKind): number {
  const member = MEMBER[kind]
  let place = cursor
  while (place > 0 && !member.test(clusters[place - 1] ?? '')) place--
  while (place > 0 && member.test(clusters[place - 1] ?? '')) place--
  return place
}

/** The end of the word after the cursor; the line's end without one. */
export function wordEnd({ clusters, cursor }: TextBuffer, kind: WordKind): number {
  const member = MEMBER[kind]
  let place = cursor
  while (place < clusters.length && !member.test(clusters[place] ?? '')) place++
  while (place < clusters.length && member.test(clusters[place] ?? '')) place++
  return place
}
