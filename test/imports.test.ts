import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { scratchDirectory } from './support/scratch.ts'

const FORBIDDEN: [path: string, target: string][] = [
  ['core/a.ts', '../store/store.ts'],
  ['core/b.ts', 'ink'],
  ['store/a.ts', '../commands/registry.ts'],
  ['store/b.ts', '@multiformats/multiaddr'],
  ['store/swarm/a.ts', '../../node/traffic/meter.ts'],
  ['commands/a.ts', '../node/traffic/meter.ts'],
  ['commands/b.ts', '../views/layout.ts'],
  ['ui/a.ts', '../commands/registry.ts'],
  ['views/peers/a.tsx', '../../node/traffic/meter.ts'],
  ['views/a.tsx', '../modes/tui.tsx'],
  ['views/b.tsx', '@libp2p/interface'],
  ['node/a.ts', '../store/store.ts'],
  ['node/b.ts', '../store/screen/screen-state.ts'],
  ['node/c.ts', 'react'],
  ['node/bus/a.ts', '../../modes/tui.tsx'],
  ['modes/a.ts', 'libp2p'],
]

const ALLOWED: [path: string, target: string][] = [
  ['core/y.ts', './safe-text.ts'],
  ['store/y.ts', '../core/events.ts'],
  ['commands/y.ts', '../store/swarm/state.ts'],
  ['views/y.tsx', '../commands/registry.ts'],
  ['node/y.ts', 'libp2p'],
  ['node/port/y.ts', '../../store/swarm/state.ts'],
  ['modes/y.tsx', 'ink'],
]

/** Which of some files, were they in `src`, break the import rule. */
async function offenders(files: [path: string, text: string][]): Promise<string[]> {
  const directory = await scratchDirectory()
  cpSync('biome.json', join(directory, 'biome.json'))
  for (const [path, text] of files) {
    mkdirSync(dirname(join(directory, 'src', path)), { recursive: true })
    writeFileSync(join(directory, 'src', path), text)
  }
  const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', 'src']
  const { stdout } = spawnSync('biome', args, { cwd: directory, encoding: 'utf8' })
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string } }[]
  }
  return diagnostics
    .filter(({ category }) => category === 'lint/style/noRestrictedImports')
    .map(({ location }) => location.path.replace(/^src\//, ''))
    .sort()
}

const importing = ([path, target]: [string, string]): [string, string] => [
  path,
  `import { it } from '${target}'\nexport const own = it\n`,
]

it('refuses imports that go against the one way, and no others', async () => {
  const found = await offenders([...FORBIDDEN, ...ALLOWED].map(importing))
  expect(found).toEqual(FORBIDDEN.map(([path]) => path).sort())
})

it('lets nobody but ui print text with Ink', async () => {
  const text = "import { Text } from 'ink'\nexport const own = Text\n"
  expect(
    await offenders([
      ['views/x.tsx', text],
      ['ui/x.tsx', text],
    ]),
  ).toEqual(['views/x.tsx'])
})
