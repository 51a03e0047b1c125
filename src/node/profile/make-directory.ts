import { constants } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a directory and those above it that are missing, each with mode 0700. One that is there already is left as it is.
 *
 * Node's own `recursive` never returns where a file system says "no such directory" of a parent that is there (Linux:
 * below /proc), and cannot be interrupted.
 *
 * @throws the system's error
 */
export async function makeDirectories(directory: string): Promise<void> {
  try {
    await makeOne(directory)
  } catch (error) {
    const parent = dirname(directory)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === directory) throw error
    await makeDirectories(parent)
    await makeOne(directory)
  }
}

async function makeOne(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 })
  } catch (error) {
    const isThere =
      (error as NodeJS.ErrnoException).code === 'EEXIST' && (await stat(directory)).isDirectory()
    if (!isThere) throw error
  }
}

/** Makes names that were made in a directory survive a power cut, where a directory can be flushed (not on Windows). */
export async function flushDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY).catch(() => undefined)
  await handle?.sync().catch(() => {})
  await handle?.close()
}
