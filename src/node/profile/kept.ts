/**
 * What a profile keeps beside libp2p's address book: notes of peers, and what is provided. Of that, what a person decided is
 * in the datastore and in `plans.json` (`plans-file.ts`).
 *
 * Which of them wins when they differ:
 *
 * - The datastore, as a rule: it is written first, and by older versions of this program too. The file follows.
 * - The file, when its revision is the higher one: the datastore could not be written, or has lost its last writes.
 * - The file, when the datastore was damaged, is new or has notes that cannot be read, and not a higher revision.
 * - Both, when the datastore was damaged and has a higher revision, or the file is damaged too: the datastore's plans, and
 *   those of the file for whom the datastore has none. What a person had taken back may come again then.
 */
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { OpenDatastore } from './datastore.ts'
import { levelReason } from './level.ts'
import { PeerNotes, planOf } from './peer-notes.ts'
import { PlanKeeper, type PlanProblem, readRevision } from './plan-keeper.ts'
import { type PeerPlan, type Plans, type PlansReading, readPlans } from './plans-file.ts'
import { OTHERWISE, shown, startFailure } from './problem.ts'
import { ProvideNotes } from './provide-notes.ts'
import { setAside } from './set-aside.ts'

/** What is kept, ready for use. */
export interface Kept {
  notes: PeerNotes
  provided: ProvideNotes
  /** Absent: an ephemeral identity. */
  keeper?: PlanKeeper
}

/** What is kept for this run only. */
export async function keptNowhere(): Promise<Kept> {
  return { notes: await PeerNotes.load(undefined), provided: new ProvideNotes(undefined) }
}

/**
 * Reads what is kept, and brings datastore and file together.
 *
 * @param path of `plans.json`
 * @param now ms since the epoch
 * @returns what is kept, and what a person should know of the file
 * @throws {RequestFailed} at stage `start`: the file is somebody else's, or the datastore cannot be read
 */
export async function loadKept(
  { datastore: { db }, isNew, mended }: Pick<OpenDatastore, 'datastore' | 'isNew' | 'mended'>,
  path: string,
  now: number,
): Promise<{ kept: Required<Kept>; problem?: PlanProblem; recovered: Recovered }> {
  const reading = await readPlans(path)
  const { notes, provided, plans: stored } = await readDatastore(db)
  const lossy = isNew || mended !== undefined || notes.unreadable > 0
  const { plans, recovered } = together(stored, reading, lossy)
  const isWritten = await bringUpToDate({ notes, provided }, stored, plans)
  const problem = await problemOf(reading, path, now)
  const writable = reading.state === 'untouchable' ? undefined : path
  const keeper = new PlanKeeper({ path: writable, database: db, plans })
  notes.keepWith(keeper)
  provided.keepWith(keeper)
  const inFile = reading.state === 'sound' ? reading.plans : NONE
  if (!isWritten || !same(stored, plans) || !same(inFile, plans)) await keeper.renew()
  return { kept: { notes, provided, keeper }, recovered, ...(problem === undefined ? {} : { problem }) }
}

/** What of the plans was not in the datastore. */
export type Recovered =
  /** Nothing was missing. */
  | 'nothing'
  /** Plans came from the file. */
  | 'from file'

const NONE: Plans = { revision: 0, peers: new Map(), provided: new Map() }

async function readDatastore(
  db: OpenDatastore['datastore']['db'],
): Promise<{ notes: PeerNotes; provided: ProvideNotes; plans: Plans }> {
  try {
    const notes = await PeerNotes.load(db)
    const provided = new ProvideNotes(db)
    const peers = notes.all().flatMap(([id, note]): [string, PeerPlan][] => {
      const plan = planOf(note)
      return plan === undefined ? [] : [[id, plan]]
    })
    const plans = {
      revision: await readRevision(db),
      peers: new Map(peers),
      provided: await provided.load(),
    }
    return { notes, provided, plans }
  } catch (error) {
    throw startFailure(
      say`The datastore cannot be read: ${levelReason(error)}`,
      say`Check the disk, or ${OTHERWISE}`,
    )
  }
}

/** See the head of this file. */
function together(
  stored: Plans,
  reading: PlansReading,
  lossy: boolean,
): { plans: Plans; recovered: Recovered } {
  const file = reading.state === 'sound' || reading.state === 'damaged' ? reading.plans : NONE
  const fileWins = reading.state === 'sound' && file.revision >= stored.revision + (lossy ? 0 : 1)
  const revision = Math.max(stored.revision, file.revision)
  if (fileWins) {
    const recovered = same({ ...stored, revision }, { ...file, revision }) ? 'nothing' : 'from file'
    return { plans: { ...file, revision }, recovered }
  }
  if (!lossy) return { plans: { ...stored, revision }, recovered: 'nothing' }
  const plans = {
    revision,
    peers: new Map([...file.peers, ...stored.peers]),
    provided: new Map([...file.provided, ...stored.provided]),
  }
  const isMore = plans.peers.size > stored.peers.size || plans.provided.size > stored.provided.size
  return { plans, recovered: isMore ? 'from file' : 'nothing' }
}

/** @returns whether all could be written */
async function bringUpToDate(
  { notes, provided }: Pick<Kept, 'notes' | 'provided'>,
  stored: Plans,
  wanted: Plans,
): Promise<boolean> {
  const writes: Promise<void>[] = []
  for (const id of new Set([...stored.peers.keys(), ...wanted.peers.keys()])) {
    const plan = wanted.peers.get(id)
    if (JSON.stringify(plan) === JSON.stringify(stored.peers.get(id))) continue
    writes.push(notes.change(id, ({ name: _, keep: __, ...note }) => ({ ...note, ...plan })))
  }
  for (const [cid, since] of wanted.provided) {
    if (stored.provided.get(cid) !== since) writes.push(provided.put(cid, since))
  }
  for (const cid of stored.provided.keys()) {
    if (!wanted.provided.has(cid)) writes.push(provided.delete(cid))
  }
  const results = await Promise.allSettled(writes)
  return results.every(({ status }) => status === 'fulfilled')
}

function same(one: Plans, other: Plans): boolean {
  const text = ({ revision, peers, provided }: Plans): string =>
    JSON.stringify([revision, [...peers].sort(byKey), [...provided].sort(byKey)])
  return text(one) === text(other)
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b)
}

async function problemOf(reading: PlansReading, path: string, now: number): Promise<PlanProblem | undefined> {
  if (reading.state === 'untouchable') {
    return {
      cause: say`${shown(path)} is left as it is: ${reading.why}`,
      hint: safeText('Names and kept peers come from the datastore, and changes of this run go there alone'),
    }
  }
  if (reading.state !== 'damaged') return undefined
  const aside = await setAside(path, now).then(shown, (): SafeText | undefined => undefined)
  return {
    cause: say`${shown(path)}, with names and kept peers, was damaged: ${reading.what}`,
    hint:
      aside === undefined
        ? safeText('They come from the datastore, and it is written anew')
        : say`They come from the datastore, and it is written anew. The damaged one is ${aside}`,
  }
}
