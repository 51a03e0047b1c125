import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rememberingTexts } from '../../../scripts/build/remembered-texts.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const fromInk = createRequire(import.meta.resolve('ink')).resolve
const WIDTH = fromInk('string-width')
const TOKENS = join(
  dirname(fileURLToPath(import.meta.resolve('ink'))),
  '../../@alcalzone/ansi-tokenize/build',
)

/** A module as it goes into the bundle. */
async function bundled<T>(path: string): Promise<T> {
  const { resolve } = createRequire(path)
  const code = rememberingTexts(readFileSync(path, 'utf8'), path)
  // What it imports is found from where it was.
  const found = code.replace(/from (['"])([^'"]+)\1/g, (_, _quote, name: string) =>
    name.startsWith('.')
      ? `from '${pathToFileURL(join(dirname(path), name))}'`
      : `from '${pathToFileURL(resolve(name))}'`,
  )
  const copy = join(await scratchDirectory(), 'module.mjs')
  writeFileSync(copy, found.replace(/^\/\/# sourceMappingURL.*$/m, ''))
  return (await import(pathToFileURL(copy).href)) as T
}

const text = fc
  .array(
    fc.constantFrom('a', ' ', '日', '👍🏽', '\x1b[31m', '\x1b[39m', '\x1b[1m', '\x1b[22m', '│', 'e\u0301'),
  )
  .map(parts => parts.join(''))
/** Some texts, most of them more than once. */
const texts = fc.array(text, { maxLength: 8 }).map(some => [...some, ...some])

type Width = (text: string, options?: { countAnsiEscapeCodes?: boolean }) => number
interface Tokenize {
  tokenize(text: string, end?: number): unknown[]
}
interface Styled {
  styledCharsFromTokens(tokens: unknown[]): unknown[]
}

describe('what Ink asks again and again', () => {
  it('has the same widths', async () => {
    const { default: plain } = (await import(pathToFileURL(WIDTH).href)) as { default: Width }
    const { default: remembered } = await bundled<{ default: Width }>(WIDTH)
    fc.assert(
      fc.property(texts, all => {
        for (const one of all) {
          expect(remembered(one)).toBe(plain(one))
          const options = { countAnsiEscapeCodes: true }
          expect(remembered(one, options)).toBe(plain(one, options))
        }
      }),
    )
  })

  it('consists of the same characters in the same styles', async () => {
    const [tokenizer, styler] = [join(TOKENS, 'tokenize.js'), join(TOKENS, 'styledChars.js')]
    const plain = (await import(pathToFileURL(join(TOKENS, 'index.js')).href)) as Tokenize & Styled
    const { tokenize } = await bundled<Tokenize>(tokenizer)
    const { styledCharsFromTokens } = await bundled<Styled>(styler)
    fc.assert(
      fc.property(texts, fc.nat(5), (all, end) => {
        for (const one of all) {
          expect(tokenize(one, end)).toEqual(plain.tokenize(one, end))
          expect(styledCharsFromTokens(tokenize(one))).toEqual(
            plain.styledCharsFromTokens(plain.tokenize(one)),
          )
        }
      }),
    )
  })

  it('is asked the package once, while it is asked often', async () => {
    const { tokenize } = await bundled<Tokenize>(join(TOKENS, 'tokenize.js'))
    const first = tokenize('one')
    expect(tokenize('one')).toBe(first)
    for (let n = 0; n < 256; n += 1) tokenize(`other ${n}`)
    expect(tokenize('one')).toBe(first)
    for (let n = 0; n < 2000; n += 1) tokenize(`another ${n}`)
    expect(tokenize('one')).not.toBe(first)
    expect(tokenize('one')).toEqual(first)
  })

  it('is noticed when a package has changed', () => {
    expect(() => rememberingTexts('export const tokenize = 1', '/ansi-tokenize/build/tokenize.js')).toThrow(
      'has no "export function tokenize("',
    )
  })
})
