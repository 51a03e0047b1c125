/** LevelDB as it is opened here, and how it says that another process has a store. */
import type { LevelDatastore } from 'datastore-level'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { systemCode, systemReason } from './problem.ts'

/** An open store of LevelDB. */
export type Level = LevelDatastore['db']

/** How opening a store went. */
export type Opening =
  | { state: 'open'; datastore: LevelDatastore }
  /** Another process, or another node in this one, has it. */
  | { state: 'taken' }
  /** LevelDB itself finds it damaged. */
  | { state: 'damaged' }
  | { state: 'unusable'; reason: SafeText }

/** What LevelDB may hold in memory, in bytes: of what is written, and of what is read. By itself it takes 4 and 8 MiB. */
const MEMORY = { writeBufferSize: 1 << 20, cacheSize: 2 << 20 }

/** A store cannot be read or written. */
export class DatastoreUnusable extends Error {
  override readonly name = 'DatastoreUnusable'
  readonly reason: SafeText

  constructor(reason: SafeText) {
    super(reason)
    this.reason = reason
  }
}

/** What an error of LevelDB or of the system says: LevelDB's are "IO error: <path>: <what the system says>". */
export function levelReason(error: unknown): SafeText {
  if (error instanceof DatastoreUnusable) return error.reason
  const ofLevel = error instanceof Error && systemCode(error)?.startsWith('LEVEL_') === true
  return ofLevel ? safeText(error.message.split(': ').at(-1)) : systemReason(error)
}

/**
 * Opens the store in this directory. Do not ask for one that this thread has open: to find that out LevelDB opens and closes
 * the lock file, and on POSIX systems any close of a file ends the process's locks on it.
 *
 * @param create whether one is made where there is none
 * @throws nothing
 */
export async function openLevel(directory: string, create: boolean): Promise<Opening> {
  return await attempt(directory, { createIfMissing: create })
}

/** Whether another process has the store in this directory. Leaves what is in it as it is. */
export async function isLocked(directory: string): Promise<boolean> {
  // LevelDB takes the lock, sees that there is one, or none, and gives up.
  const found = await attempt(directory, { createIfMissing: false, errorIfExists: true })
  return found.state === 'taken'
}

async function attempt(
  directory: string,
  options: { createIfMissing: boolean; errorIfExists?: boolean },
): Promise<Opening> {
  // Loaded late: LevelDB is machine code, which not every platform has, and `--ephemeral` does without.
  const level = await import('datastore-level').catch(() => undefined)
  if (level === undefined)
    return { state: 'unusable', reason: safeText('LevelDB does not run on this machine') }
  try {
    const datastore = new level.LevelDatastore(directory)
    // Not `datastore.open()`: its error has lost the cause, which alone tells a lock from damage.
    await datastore.db.open({ compression: false, ...MEMORY, ...options })
    return { state: 'open', datastore }
  } catch (error) {
    return describeFailure(error instanceof Error && error.cause !== undefined ? error.cause : error)
  }
}

/** @see https://github.com/Level/abstract-level#errors for the codes */
function describeFailure(error: unknown): Opening {
  const reason = levelReason(error)
  switch (systemCode(error)) {
    case 'LEVEL_LOCKED':
      // A file system that knows no locks comes under the same code.
      return /no locks available|not supported|not implemented/i.test(reason)
        ? { state: 'unusable', reason: safeText('files cannot be locked there') }
        : { state: 'taken' }
    case 'LEVEL_CORRUPTION':
      return { state: 'damaged' }
    default:
      return { state: 'unusable', reason }
  }
}
