/** What the licences of the packages in the bundle ask for: that their notices go wherever the bundle goes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rolldown } from 'tsdown'

/** Where the notices are, beside the bundle. */
export const NOTICES = 'THIRD-PARTY-NOTICES.txt'

const INTRODUCTION = `p2p-tui contains parts of the packages below. Each comes with the licence that stands under its name.`
const LICENCE_FILE = /^(licen[cs]e|copying|notice|copyright)/i
const RULE = '-'.repeat(80)

interface Manifest {
  name: string
  version: string
  license?: string
  author?: string | { name: string }
  homepage?: string
  repository?: string | { url: string }
}

/** Writes the licences of all packages of which anything is in the bundle into {@link NOTICES}. */
export function thirdPartyNotices(): Rolldown.Plugin {
  return {
    name: 'third-party-notices',
    generateBundle(_options, bundle) {
      const directories = new Set<string>()
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue
        for (const [id, module] of Object.entries(output.modules)) {
          const directory = packageDirectory(id)
          if (directory !== undefined && module.renderedLength > 0) directories.add(directory)
        }
      }
      const notices = [...directories].map(directory => noticeOf(directory))
      const text = [INTRODUCTION, ...notices.toSorted()].join(`\n\n${RULE}\n\n`)
      this.emitFile({ type: 'asset', fileName: NOTICES, source: `${text}\n` })
    },
  }
}

/** The directory of the package that a module belongs to; undefined for this project's own. */
export function packageDirectory(moduleId: string): string | undefined {
  // The innermost one: a package may have packages of its own.
  // What bundlers make up around a module has a NUL before its path.
  return /[^\0]*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(moduleId.replaceAll('\\', '/'))?.[0]
}

/**
 * A package's name, licence and the texts that come with it.
 *
 * @throws when it says nothing of its licence: it must not be shipped then
 */
export function noticeOf(directory: string): string {
  const manifest: Manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  const { name, version, license } = manifest
  const files = readdirSync(directory, { withFileTypes: true })
    .filter(entry => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map(entry => entry.name)
    .toSorted()
  if (license === undefined && files.length === 0) throw new Error(`${name} says nothing of its licence`)
  const head = [`${name} ${version}`, `Licence: ${license ?? 'see below'}`, ...origin(manifest)]
  const texts = files.map(file => readFileSync(join(directory, file), 'utf8').trim())
  return [head.join('\n'), ...texts].join('\n\n')
}

function origin({ author, homepage, repository }: Manifest): string[] {
  const name = typeof author === 'string' ? author : author?.name
  const url = (typeof repository === 'string' ? repository : repository?.url) ?? homepage
  return [...(name === undefined ? [] : [`By: ${name}`]), ...(url === undefined ? [] : [`From: ${url}`])]
}
