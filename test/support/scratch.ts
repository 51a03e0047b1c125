import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty directory that is gone after the test. Its path has no links in it. */
export async function scratchDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'p2p-tui-')))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}
