import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import config from '../../tsdown.config.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Below node_modules, so that what is not bundled is found. */
const CACHE = join(ROOT, 'node_modules/.cache')

let outDir: string | undefined
let built: Promise<string> | undefined

/**
 * Builds the measured program as the program itself is built, once in a run, in a folder of this run.
 *
 * @returns the program's path
 */
export function builtScreen(): Promise<string> {
  built ??= buildScreen()
  return built
}

/** Removes what was built. Happens by itself at the end of the process. */
export function removeBuiltScreen(): void {
  if (outDir !== undefined) rmSync(outDir, { recursive: true, force: true })
  outDir = undefined
  built = undefined
}

async function buildScreen(): Promise<string> {
  mkdirSync(CACHE, { recursive: true })
  outDir = mkdtempSync(join(CACHE, 'p2p-tui-bench-'))
  const program = join(outDir, 'screen.js')
  process.once('exit', removeBuiltScreen)
  // Loaded by who needs it: figures without a screen do not.
  const { build } = await import('tsdown')
  await build({
    ...config,
    config: false,
    cwd: ROOT,
    entry: { screen: 'bench/programs/screen.tsx', 'screen-node': 'bench/programs/screen-node.ts' },
    outDir,
    logLevel: 'error',
  })
  return program
}
