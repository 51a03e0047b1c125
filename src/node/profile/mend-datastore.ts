/**
 * Puts a new datastore in the place of a damaged one, with all that could be read of that, which is kept aside.
 *
 * The new one is made beside it, under LevelDB's lock, so that of two copies that find the damage at once only one mends. A
 * kill at any moment leaves the damaged one in its place, or the new one whole: the next start goes on from there.
 */
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { safeText } from '../../core/safe-text.ts'
import { DatastoreUnusable, isLocked, type Level, openLevel } from './level.ts'
import { salvage } from './leveldb/store-files.ts'
import { makeDirectories } from './make-directory.ts'
import { setAside } from './set-aside.ts'

/** Keys of a datastore begin so: what does not is none. */
const KEY = /^\/[^\0]*$/
/** Where libp2p keeps peers. */
const PEERS = '/peers/'
/** Entries are written so many at a time. */
const BATCH = 500
/** Written last: without it a new datastore is not whole. */
const WHOLE = '/p2p-tui/mended'

/** How mending went. */
export type Mending =
  /** `aside`: where the damaged one is. `peers`: how many of libp2p's records of peers could be read. */
  | { state: 'mended'; aside: string; peers: number }
  /** Another process has it. */
  | { state: 'taken' }

/**
 * Mends the datastore in this directory, which nobody in this process has open.
 *
 * @param now ms since the epoch
 * @throws {DatastoreUnusable} and the system's or LevelDB's errors; the damaged datastore is in its place then
 */
export async function mendDatastore(directory: string, now: number): Promise<Mending> {
  const fresh = placeOfNew(directory)
  const level = await openNew(fresh)
  if (level === undefined) return { state: 'taken' }
  let peers: number
  try {
    const entries = [...(await salvage(directory))].filter(([key]) => KEY.test(key) && key !== WHOLE)
    await fill(level, entries)
    peers = entries.filter(([key]) => key.startsWith(PEERS)).length
  } finally {
    await level.close()
  }
  if (await isLocked(directory)) return { state: 'taken' }
  const aside = await setAside(directory, now)
  // Whoever has opened it since has moved with it, and gets it back.
  if (await isLocked(aside)) {
    await rename(aside, directory)
    return { state: 'taken' }
  }
  await rename(fresh, directory)
  return { state: 'mended', aside, peers }
}

/** Goes on where mending was cut off between two steps: a new datastore that is whole takes its place if that is empty. */
export async function finishMending(directory: string): Promise<void> {
  const fresh = placeOfNew(directory)
  const names = await readdir(dirname(directory)).catch((): string[] => [])
  if (!names.includes(basename(fresh)) || names.includes(basename(directory))) return
  const opening = await openLevel(fresh, false)
  if (opening.state !== 'open') return
  const { db } = opening.datastore
  const isWhole = await db.has(WHOLE)
  await db.close()
  if (isWhole) await rename(fresh, directory)
}

function placeOfNew(directory: string): string {
  return `${directory}.new`
}

/** An empty datastore; undefined when another process mends. What an earlier try left there is gone. */
async function openNew(fresh: string): Promise<Level | undefined> {
  await makeDirectories(fresh)
  let opening = await openLevel(fresh, true)
  if (opening.state === 'damaged') {
    await rm(fresh, { recursive: true })
    await makeDirectories(fresh)
    opening = await openLevel(fresh, true)
  }
  if (opening.state === 'taken') return undefined
  if (opening.state === 'unusable') throw new DatastoreUnusable(opening.reason)
  if (opening.state === 'damaged')
    throw new DatastoreUnusable(safeText('it is damaged as soon as it is made'))
  const { db } = opening.datastore
  await db.clear()
  return db
}

async function fill(level: Level, entries: readonly (readonly [string, Uint8Array])[]): Promise<void> {
  for (let at = 0; at < entries.length; at += BATCH) {
    const some = entries.slice(at, at + BATCH)
    await level.batch(some.map(([key, value]) => ({ type: 'put' as const, key, value })))
  }
  // With this, all that was written before is on the disk too.
  await level.put(WHOLE, new Uint8Array(), { sync: true } as object)
}
