/**
 * A profile's datastore, and with it the profile's lock: LevelDB holds a lock of the operating system on its directory,
 * which ends with the process however that ends.
 */
import type { LevelDatastore } from 'datastore-level'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { systemCode, systemReason } from './problem.ts'

/** How opening a datastore went. */
export type DatastoreOutcome =
  | { state: 'open'; datastore: LevelDatastore; close(): Promise<void> }
  /** Another process, or another node in this one, has it. */
  | { state: 'taken' }
  /** It is damaged, or cannot be written, or LevelDB does not run here. */
  | { state: 'unusable'; reason: SafeText }

/**
 * The directories that this thread has open. LevelDB must not even be asked for these: to find out that it has one
 * already it opens and closes the lock file, and on POSIX systems any close of a file ends the process's locks on it.
 */
const ours = new Set<string>()

/**
 * Opens the datastore in this directory, or says why not.
 *
 * @param directory real path; it is made if it is not there
 * @throws nothing
 */
export async function openDatastore(directory: string): Promise<DatastoreOutcome> {
  if (ours.has(directory)) return { state: 'taken' }
  ours.add(directory)
  const outcome = await open(directory)
  if (outcome.state !== 'open') ours.delete(directory)
  return outcome
}

async function open(directory: string): Promise<DatastoreOutcome> {
  // Loaded late: LevelDB is machine code, which not every platform has, and `--ephemeral` does without.
  const level = await import('datastore-level').catch(() => undefined)
  if (level === undefined)
    return { state: 'unusable', reason: safeText('LevelDB does not run on this machine') }
  try {
    const datastore = new level.LevelDatastore(directory)
    // Not `datastore.open()`: its error has lost the cause, which alone tells a lock from damage.
    await datastore.db.open({ createIfMissing: true, compression: false })
    return { state: 'open', datastore, close: closer(datastore, directory) }
  } catch (error) {
    return describeFailure(error instanceof Error && error.cause !== undefined ? error.cause : error)
  }
}

function closer(datastore: LevelDatastore, directory: string): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => {
    // A failure here changes nothing: what was put is in LevelDB's log, and the lock ends with the process.
    closed ??= datastore
      .close()
      .catch(() => {})
      .finally(() => ours.delete(directory))
    return closed
  }
}

/** @see https://github.com/Level/abstract-level#errors for the codes */
function describeFailure(error: unknown): DatastoreOutcome {
  // LevelDB's own text is "IO error: <path>: <what the system says>".
  const detail = error instanceof Error ? safeText(error.message.split(': ').at(-1)) : systemReason(error)
  switch (systemCode(error)) {
    case 'LEVEL_LOCKED':
      // A file system that knows no locks comes under the same code.
      return /no locks available|not supported|not implemented/i.test(detail)
        ? { state: 'unusable', reason: safeText('files cannot be locked there') }
        : { state: 'taken' }
    case 'LEVEL_CORRUPTION':
      return { state: 'unusable', reason: safeText('it is damaged') }
    case 'LEVEL_IO_ERROR':
      return { state: 'unusable', reason: detail }
    default:
      return { state: 'unusable', reason: systemReason(error) }
  }
}
