/**
 * Whose files and directories are, and who may change them. Whoever may write in a directory on the way to a profile can put
 * another profile in its place.
 *
 * From the data directory down nobody else may write, but for a directory with the sticky bit (like `/tmp`), where what is
 * ours stays ours. Above it the same holds for all users; a group there is trusted, as many systems give each user one of
 * their own. Every directory on the way, and every link, belongs to this user or to root.
 *
 * Users and mode bits mean nothing on Windows: there the user's own directories are private by their access lists.
 */
import type { Stats } from 'node:fs'
import { lstat, readFile, readlink } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { makePrivate, OTHERWISE, shellWord, shown, startFailure } from './problem.ts'

const WINDOWS = process.platform === 'win32'
const STICKY = 0o1000
/** Others, and the group. */
const OTHERS_WRITE = 0o002
const ANY_WRITE = 0o022
/** More links than this on one way are a loop; systems give up there too. */
export const MOST_LINKS = 40

/** What of a file or directory says whose it is. */
export type Owned = Pick<Stats, 'uid' | 'mode'>

/** Whether it belongs to the user that this process runs as. */
export function isOurs({ uid }: Owned): boolean {
  return WINDOWS || uid === process.geteuid?.()
}

/** Whether it belongs to this user, or to root, who may do anything anyway. */
export function isTrusted(owned: Owned): boolean {
  return isOurs(owned) || owned.uid === 0
}

/** Like {@link isTrusted}, also in a user namespace that has no number for the real root. */
export async function isTrustedHere(owned: Owned): Promise<boolean> {
  return isTrusted(owned) || (await isUnmapped(owned))
}

/** Whether users other than its owner may write it. */
export function othersWrite({ mode }: Owned): boolean {
  return !WINDOWS && (mode & ANY_WRITE) !== 0
}

/** "another user (uid 1000)" */
export function otherUser({ uid }: Owned): SafeText {
  return say`another user (uid ${uid})`
}

/** How to make something one's own. */
export function takeOver(path: string): SafeText {
  const owner = process.geteuid?.() ?? 0
  return say`Run this program as that user; or if it should be yours: chown ${owner} ${shellWord(path)}`
}

/**
 * Demands that nobody else can put something in the place of this directory. It may be missing, in part or whole.
 *
 * @param from the directory on its way from which on no group is trusted either
 * @throws {RequestFailed} at stage `start`; the system's error
 */
export async function demandOwnPath(directory: string, from: string): Promise<void> {
  if (WINDOWS) return
  const levels = [directory]
  for (let level = directory; level !== from && dirname(level) !== level; ) {
    level = dirname(level)
    levels.unshift(level)
  }
  for (const level of levels) {
    const found = await walk(level)
    if (found === undefined) return
    if (!othersWrite(found.stats)) continue
    if (level === directory) throw writable(found.path, makePrivate(found.path, 700))
    if ((found.stats.mode & STICKY) === 0) throw writable(found.path, closeToOthers(found.path))
  }
}

/** The directory that a path leads to, with all on the way to it looked at; undefined where one is missing. */
async function walk(path: string): Promise<{ path: string; stats: Stats } | undefined> {
  let here: string = sep
  let stats = await lstat(here)
  let links = 0
  const names = path.split(sep)
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === '' || name === '.') continue
    const next = name === '..' ? dirname(here) : join(here, name)
    const found = await lstat(next).catch(missing)
    if (found === undefined) return undefined
    if (!(await isTrustedHere(found))) throw foreign(next, found)
    if (found.isSymbolicLink()) {
      links += 1
      if (links > MOST_LINKS) throw tooManyLinks(path)
      const target = await readlink(next)
      names.unshift(...target.split(sep))
      if (target.startsWith(sep)) {
        here = sep
        stats = await lstat(here)
      }
      continue
    }
    // Something else than a directory is found out where it is used.
    if (names.length > 0) demandClosed(next, found)
    here = next
    stats = found
  }
  return { path: here, stats }
}

function demandClosed(directory: string, { mode }: Stats): void {
  if ((mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0) {
    throw writable(directory, closeToOthers(directory))
  }
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}

/**
 * Whether the owner is one that this user namespace (a container, a sandbox) has no number for, as it has none for the real
 * root: such files all seem to belong to one and the same user, and nobody in here is that.
 */
async function isUnmapped({ uid }: Owned): Promise<boolean> {
  const read = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')
  const overflow = Number((await read('/proc/sys/kernel/overflowuid')).trim() || Number.NaN)
  if (uid !== overflow) return false
  const mapped = (await read('/proc/self/uid_map'))
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
  return !mapped.some(([first = 0, , count = 0]) => uid >= first && uid < first + count)
}

function foreign(path: string, found: Stats): RequestFailed {
  const what = found.isSymbolicLink() ? safeText('is a link that belongs to') : safeText('belongs to')
  return startFailure(
    say`${shown(path)}, on the way to the profile, ${what} ${otherUser(found)}`,
    say`${takeOver(path)}; or choose another place with --data-dir, or ${OTHERWISE}`,
  )
}

function writable(directory: string, fix: SafeText): RequestFailed {
  return startFailure(
    say`Other users may write in ${shown(directory)}, and could put another profile there`,
    say`${fix} or choose another place with --data-dir, or ${OTHERWISE}`,
  )
}

function closeToOthers(directory: string): SafeText {
  return say`Check that it is yours (ls -ld ${shellWord(directory)}), then: chmod go-w ${shellWord(directory)}`
}

function tooManyLinks(path: string): RequestFailed {
  return startFailure(
    say`There are too many links on the way to ${shown(path)}`,
    say`Choose another place with --data-dir, or ${OTHERWISE}`,
  )
}
