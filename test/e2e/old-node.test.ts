import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { CLI } from '../support/program.ts'

/** A Node.js of this machine that is too old for the program, if there is one. */
function oldNode(): string | undefined {
  const folders = ['/usr/bin', '/usr/local/bin', ...(process.env.PATH ?? '').split(delimiter)]
  const candidates = folders.map(folder => join(folder, 'node'))
  return candidates.find(node => {
    if (node.includes('node_modules') || !existsSync(node)) return false
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' })
    return Number.parseInt(version.slice(1), 10) < 22
  })
}

const node = oldNode()

it.skipIf(node === undefined)(
  `a Node.js that is too old gets one plain sentence${node === undefined ? ' (this machine has none)' : ''}`,
  () => {
    const { status, stdout, stderr } = spawnSync(node as string, [CLI, '--headless'], { encoding: 'utf8' })
    expect(status).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(
      /^p2p-tui needs Node\.js 22 or newer, and this is \d+\.\d+\.\d+\. This works: npx -p node@24 -p p2p-tui p2p-tui\n$/,
    )
  },
)
