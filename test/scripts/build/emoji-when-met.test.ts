import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emojiPatternsWhenMet } from '../../../scripts/build/emoji-when-met.ts'
import { scratchDirectory } from '../../support/scratch.ts'

type Width = (text: string) => number

const OURS = fileURLToPath(import.meta.resolve('string-width'))
const INKS = createRequire(import.meta.resolve('ink')).resolve('string-width')
/** What emoji are made of, and what comes close. */
const PARTS = [
  '👍',
  '🏽',
  '👩',
  '\u200D',
  '❤',
  '\uFE0F',
  '\uFE0E',
  '🇩',
  '🇪',
  '1',
  '#',
  '\u20E3',
  '🏴',
  '\u{E0067}',
  '│',
  'a',
]

async function load(code: string, original: string): Promise<Width> {
  const path = join(await scratchDirectory(), 'string-width.mjs')
  const resolve = createRequire(original).resolve
  const found = code.replace(/from '([\w-]+)'/g, (_, name) => `from '${pathToFileURL(resolve(name))}'`)
  writeFileSync(path, found)
  return (await import(pathToFileURL(path).href)).default
}

describe.each([
  ['the one of this program', OURS],
  ["Ink's", INKS],
])('string-width as it is bundled, %s', (_, original) => {
  it('finds the same widths', async () => {
    const code = readFileSync(original, 'utf8')
    const [plain, bundled] = [
      await load(code, original),
      await load(emojiPatternsWhenMet(code).code, original),
    ]
    for (let point = 0; point <= 0x1ffff; point += 1) {
      const text = String.fromCodePoint(point)
      if (bundled(text) !== plain(text)) expect.fail(`U+${point.toString(16)}`)
    }
    const text = fc.array(fc.constantFrom(...PARTS), { maxLength: 8 }).map(parts => parts.join(''))
    fc.assert(
      fc.property(text, text => bundled(text) === plain(text)),
      { numRuns: 2000 },
    )
  })
})

it.each([
  'const all = 1;',
  'const emoji = /^\\p{RGI_Emoji}$/v;\nconst found = text.match(emoji);',
  'const emoji = /^\\p{RGI_Emoji}$/v;\nfor (const part of emoji.source) count(part)',
])('a version that it does not know stops the build', code => {
  expect(() => emojiPatternsWhenMet(code)).toThrow('in a new way')
})
