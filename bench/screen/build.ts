import { join } from 'node:path'
import config from '../../tsdown.config.ts'

const ROOT = join(import.meta.dirname, '../..')
const OUT = join(ROOT, 'node_modules/.cache/p2p-tui-bench')

let built: Promise<string> | undefined

/** Builds the measured program as the program itself is built, once in a run. @returns its path */
export function builtScreen(): Promise<string> {
  built ??= buildScreen()
  return built
}

async function buildScreen(): Promise<string> {
  // Loaded by who needs it: figures without a screen do not.
  const { build } = await import('tsdown')
  await build({
    ...config,
    config: false,
    cwd: ROOT,
    entry: { screen: 'bench/programs/screen.tsx', 'screen-node': 'bench/programs/screen-node.ts' },
    outDir: OUT,
    logLevel: 'error',
  })
  return join(OUT, 'screen.js')
}
