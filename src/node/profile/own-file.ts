/** Files of a profile that only their owner may change. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open } from 'node:fs/promises'
import type { RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { isTrusted, type Owned, othersWrite, otherUser, takeOver } from './ownership.ts'
import { makePrivate, OTHERWISE, shown, startFailure, systemCode, systemReason } from './problem.ts'

/** A named pipe in a file's place must not hold up the start, nor a terminal become ours. Windows has neither. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)
/** How a file is opened that may be no link either. */
export const READ_OWN = READ | (constants.O_NOFOLLOW ?? 0)

/** What reading a file came to. */
export type OwnFile =
  | { state: 'absent' }
  | { state: 'read'; bytes: Buffer }
  /** It is no file, or too large. `what` goes on after "it". */
  | { state: 'odd'; what: SafeText }
  /** It is there, and the system does not give it. */
  | { state: 'unreadable'; reason: SafeText }

/**
 * Reads a file of the profile. Whose it is and how large is asked of the open file: nobody can swap it in between.
 *
 * @param mostBytes one that has more is not read
 * @param followLinks whether it may be a link: what it leads to is looked at then
 * @throws {RequestFailed} at stage `start`: it belongs to somebody else, or others may write it
 */
export async function readOwnFile(path: string, mostBytes: number, followLinks = false): Promise<OwnFile> {
  let file: FileHandle | undefined
  try {
    file = await open(path, followLinks ? READ : READ_OWN)
    const stats = await file.stat()
    if (!stats.isFile()) return { state: 'odd', what: safeText('is not a file') }
    if (!isTrusted(stats)) throw foreign(path, stats)
    if (othersWrite(stats)) throw writable(path)
    if (stats.size > mostBytes) return { state: 'odd', what: safeText('is too large') }
    return { state: 'read', bytes: await file.readFile() }
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') return { state: 'absent' }
    if (code === undefined) throw error
    if (!followLinks && (await isLink(path))) return { state: 'odd', what: safeText('is a link') }
    return { state: 'unreadable', reason: systemReason(error) }
  } finally {
    await file?.close()
  }
}

/** Whether there is a link at this path, to whatever. */
export async function isLink(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined)
  return stats?.isSymbolicLink() === true
}

function foreign(path: string, stats: Owned): RequestFailed {
  return startFailure(
    say`The file ${shown(path)} belongs to ${otherUser(stats)}`,
    say`${takeOver(path)}; or ${OTHERWISE}`,
  )
}

function writable(path: string): RequestFailed {
  return startFailure(
    say`Other users may write the file ${shown(path)}`,
    say`${makePrivate(path, 600)} or ${OTHERWISE}`,
  )
}
