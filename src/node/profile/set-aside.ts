import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** So many damaged ones are kept of each file or directory, the newest. */
const MOST_KEPT = 3

/**
 * Moves what is damaged to `<path>.damaged-<time>`, and removes the oldest of those beyond a few.
 *
 * @param now ms since the epoch
 * @returns where it is now
 * @throws the system's error when it cannot be moved
 */
export async function setAside(path: string, now: number): Promise<string> {
  const before = await asideOf(path)
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')
  const wanted = `${path}.damaged-${time}`
  // Two in one second.
  const aside = before.includes(wanted) ? `${wanted}-${crypto.randomUUID().slice(0, 8)}` : wanted
  await rename(path, aside)
  const tooMany = before.slice(0, Math.max(0, before.length + 1 - MOST_KEPT))
  await Promise.all(tooMany.map(old => rm(old, { recursive: true, force: true }).catch(() => undefined)))
  return aside
}

/** The oldest first. */
async function asideOf(path: string): Promise<string[]> {
  const names = await readdir(dirname(path))
  const prefix = `${basename(path)}.damaged-`
  return names
    .filter(name => name.startsWith(prefix))
    .sort()
    .map(name => join(dirname(path), name))
}
