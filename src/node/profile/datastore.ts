/**
 * A profile's datastore, and with it the profile's lock: LevelDB holds a lock of the operating system on its directory,
 * which ends with the process however that ends.
 *
 * LevelDB neither finds damage nor says what it has lost, so that all checksums are looked at before it opens a store.
 * That costs a small part of reading all peers out of it, which every start does. What cannot be seen is that the newest
 * log was cut between two writes; what a person decided has a revision for that (`plans.ts`).
 */
import type { LevelDatastore } from 'datastore-level'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import { DatastoreUnusable, isLocked, levelReason, openLevel } from './level.ts'
import { checkStore } from './leveldb/store-files.ts'
import { makeDirectories } from './make-directory.ts'
import { finishMending, mendDatastore } from './mend-datastore.ts'

/** How opening a datastore went. */
export type DatastoreOutcome =
  | OpenDatastore
  /** Another process, or another node in this one, has it. */
  | { state: 'taken' }
  /** It cannot be read or written, or LevelDB does not run here. */
  | { state: 'unusable'; reason: SafeText }

/** A datastore that is open. */
export interface OpenDatastore {
  state: 'open'
  datastore: LevelDatastore
  /** It was made just now. */
  isNew: boolean
  /** Set when it was damaged. */
  mended?: { what: SafeText; aside: string; peers: number }
  /** The last write of the run before was not finished. */
  cutOff: boolean
  close(): Promise<void>
}

/**
 * The directories that this thread has open. LevelDB must not even be asked for these: to find out that it has one
 * already it opens and closes the lock file, and on POSIX systems any close of a file ends the process's locks on it.
 */
const ours = new Set<string>()

/**
 * Opens the datastore in this directory, or says why not. A damaged one is kept aside, and what can be read of it is in
 * the one that is opened.
 *
 * @param directory real path; it is made if it is not there
 * @param now ms since the epoch
 * @throws nothing
 */
export async function openDatastore(directory: string, now = Date.now()): Promise<DatastoreOutcome> {
  if (ours.has(directory)) return { state: 'taken' }
  ours.add(directory)
  const outcome = await open(directory, now).catch(unusable)
  if (outcome.state !== 'open') ours.delete(directory)
  return outcome
}

async function open(directory: string, now: number): Promise<DatastoreOutcome> {
  await finishMending(directory)
  let check = await checkStore(directory)
  if (check !== undefined && check.damage.length > 0) {
    // It may be that it only seems damaged, since a copy that runs is writing it, or was until now.
    if (await isLocked(directory)) return { state: 'taken' }
    check = await checkStore(directory)
  }
  const { damage = [], cutOff = false } = check ?? {}
  if (damage.length > 0) return await mendAndOpen(directory, summary(damage), now)
  // LevelDB would make it for all whom the umask lets in.
  if (check === undefined) await makeDirectories(directory)
  const opening = await openLevel(directory, true)
  if (opening.state === 'damaged') {
    return await mendAndOpen(directory, safeText('LevelDB cannot read it'), now)
  }
  if (opening.state !== 'open') return opening
  return opened(directory, opening.datastore, { isNew: check === undefined, cutOff })
}

async function mendAndOpen(directory: string, what: SafeText, now: number): Promise<DatastoreOutcome> {
  const mending = await mendDatastore(directory, now).catch((error: unknown) => {
    throw new DatastoreUnusable(
      say`it is damaged (${what}), and no new one can be made: ${levelReason(error)}`,
    )
  })
  if (mending.state === 'taken') return mending
  const opening = await openLevel(directory, true)
  if (opening.state === 'damaged') return { state: 'unusable', reason: safeText('it is damaged') }
  if (opening.state !== 'open') return opening
  const { aside, peers } = mending
  return opened(directory, opening.datastore, {
    isNew: false,
    cutOff: false,
    mended: { what, aside, peers },
  })
}

function unusable(error: unknown): { state: 'unusable'; reason: SafeText } {
  return { state: 'unusable', reason: levelReason(error) }
}

/** A damaged store may have hundreds of files. */
function summary(damage: readonly SafeText[]): SafeText {
  const [first = safeText(''), second, ...rest] = damage
  if (second === undefined) return first
  if (rest.length === 0) return joinSafe([first, second], ', ')
  return say`${first}, ${second} and ${rest.length} more`
}

function opened(
  directory: string,
  datastore: LevelDatastore,
  how: Omit<OpenDatastore, 'state' | 'datastore' | 'close'>,
): OpenDatastore {
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    // A failure here changes nothing: what was put is in LevelDB's log, and the lock ends with the process.
    closed ??= datastore
      .close()
      .catch(() => {})
      .finally(() => ours.delete(directory))
    return closed
  }
  return { state: 'open', datastore, ...how, close }
}
