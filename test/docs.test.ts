/** What people wrote in the docs, held against the code. The generated pages have a test of their own. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { OPTIONS } from '../src/modes/options/table.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGES = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'docs/options.md',
  'docs/network.md',
  'docs/dht.md',
]
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8')

it('has every option in docs/options.md, and no other', () => {
  const rows = read('docs/options.md').match(/^\| `--.*?\|/gm) ?? []
  const named = rows.flatMap(row => row.match(/--[a-z-]+/g) ?? [])
  expect(named.toSorted()).toEqual(OPTIONS.map(({ flag }) => `--${flag}`).toSorted())
})

it.each([...PAGES, 'docs/reachability.md'])('leads nowhere from %s where nothing is', page => {
  const links = [...read(page).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link]) => link ?? '')
  expect(links.filter(link => !existsSync(join(ROOT, dirname(page), link)))).toEqual([])
})
