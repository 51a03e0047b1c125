/** Keeps what V8 has compiled for the next start: to read it takes a fraction of compiling it again. */
import { lstatSync, mkdirSync } from 'node:fs'
// Not by name: the first releases of Node.js 22 do not have it.
import module from 'node:module'
import { dirname } from 'node:path'
import { userDirectory } from './node/profile/user-directory.ts'

/**
 * Turns the cache on for this thread. Node's variables come first: `NODE_COMPILE_CACHE` names another directory,
 * `NODE_DISABLE_COMPILE_CACHE=1` has none.
 *
 * It is kept among the user's own files, and not in Node's default, a directory of the same name for everybody in
 * `/tmp`: V8 runs what it finds there, and whoever made that directory first could have put anything in it.
 *
 * @throws when there is no place for it; nothing is kept then
 */
export function keepCompiled(): void {
  const directory = userDirectory('cache')
  if (directory !== undefined && isOwn(directory)) module.enableCompileCache?.(directory)
}

/** True when the directory is there, made if need be, and only this user may write in it. */
function isOwn(directory: string): boolean {
  // One by one: Node's own `recursive` never returns where a file system refuses names, as below /proc.
  make(dirname(directory))
  make(directory)
  const found = lstatSync(directory, { throwIfNoEntry: false })
  if (found === undefined || !found.isDirectory()) return false
  // Users and mode bits mean nothing on Windows: there the user's own directories are private by their access lists.
  return process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o022) === 0)
}

function make(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 })
  } catch {
    // It is there, or it cannot be.
  }
}
