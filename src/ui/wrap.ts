import { type SafeText, safeMessage } from '../core/safe-text.ts'
import { graphemes, widthOf } from '../core/width.ts'

/**
 * Text as lines of at most `columns` columns, broken at blanks, and inside words that are wider than that. Eight columns
 * hold any one character that safe text can have, spacing marks included.
 */
export function wrap(text: SafeText, columns: number): SafeText[] {
  if (widthOf(text) <= columns) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap(word => pieces(word, columns))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= columns) line = longer
    else {
      if (line !== '') lines.push(line)
      line = word
    }
  }
  return [...lines, line].map(safeMessage)
}

function pieces(word: string, columns: number): string[] {
  if (widthOf(word) <= columns) return [word]
  const parts: string[] = []
  let part = ''
  for (const character of graphemes(word)) {
    if (part !== '' && widthOf(part + character) > columns) {
      parts.push(part)
      part = ''
    }
    part += character
  }
  return [...parts, part]
}
