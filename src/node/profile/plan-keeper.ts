import type { Cancel, Clock } from '../../core/clock.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { Line } from '../line.ts'
import type { Level } from './level.ts'
import { type PeerPlan, type Plans, TooMuch, writePlans } from './plans-file.ts'
import { shown, systemReason } from './problem.ts'

/** A file that could not be written is tried again after so long, in ms. */
export const RETRY_MS = 30_000
/** Where the datastore has the revision of the plans in it. */
const REVISION = '/p2p-tui/revision'
const AS_TEXT = { keyEncoding: 'utf8', valueEncoding: 'utf8' } as const

/** Something that a person should know, and what to do about it. */
export interface PlanProblem {
  cause: SafeText
  hint: SafeText
}

/** What plans are kept with. */
export interface PlanKeeperOptions {
  /** Of `plans.json`; absent: the one that is there is not to be touched. */
  path: string | undefined
  database: Pick<Level, 'put'>
  /** As they are in the datastore now. */
  plans: Plans
}

/** The revision of the plans in a datastore; 0 when it has none. @throws LevelDB's error */
export async function readRevision(database: Pick<Level, 'get'>): Promise<number> {
  const revision = Number(await database.get<string, string>(REVISION, AS_TEXT))
  return Number.isSafeInteger(revision) ? revision : 0
}

/**
 * Keeps the plans of a person in the datastore and in a file of their own. The datastore comes first, record by record and
 * then the revision; the file follows, with what is in the datastore. So the file is ahead of it only where the datastore
 * could not be written, or has lost something since.
 */
export class PlanKeeper {
  readonly #path: string | undefined
  readonly #database: PlanKeeperOptions['database']
  readonly #peers: Map<string, PeerPlan>
  readonly #provided: Map<string, number>
  readonly #line = new Line()
  #revision: number
  /** The datastore lacks a change: it gets no revision that says otherwise. */
  #isBehind = false
  /** The file lacks a change. */
  #isDue = false
  #saving: Promise<boolean> | undefined
  #clock: Clock | undefined
  #tell: (problem: PlanProblem | undefined) => void = () => {}
  #hasFailed = false
  #cancelRetry: Cancel | undefined
  #closed = false

  constructor({ path, database, plans }: PlanKeeperOptions) {
    this.#path = path
    this.#database = database
    this.#peers = new Map(plans.peers)
    this.#provided = new Map(plans.provided)
    this.#revision = plans.revision
  }

  /** From now on a file that cannot be written is tried again, and told of: `undefined` when it can. */
  attend(clock: Clock, tell: (problem: PlanProblem | undefined) => void): void {
    this.#clock = clock
    this.#tell = tell
    if (this.#isDue) this.#retryLater()
  }

  /**
   * Writes a peer's record to the datastore, and what of it is a plan to the file.
   *
   * @throws what `write` throws, when the file cannot be written either or nothing in it changes
   */
  async keepPeer(peerId: string, plan: PeerPlan | undefined, write: () => Promise<void>): Promise<void> {
    await this.#keep(write, () => changeIn(this.#peers, peerId, plan))
  }

  /** The same for a CID that is provided since a moment in ms since the epoch, or no longer is. */
  async keepProvided(cid: string, since: number | undefined, write: () => Promise<void>): Promise<void> {
    await this.#keep(write, () => changeIn(this.#provided, cid, since))
  }

  /** The datastore has been brought up to date, or the file is to be. Never rejects. */
  async renew(): Promise<void> {
    await this.#keep(
      async () => {},
      () => true,
    ).catch(() => undefined)
  }

  /** Waits until the file is written; tries once more if that failed. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancelRetry?.()
    await this.#line.run(async () => {})
    if (this.#isDue || this.#saving !== undefined) await this.#save()
  }

  async #keep(write: () => Promise<void>, change: () => boolean): Promise<void> {
    await this.#line.run(async () => {
      let failure: { error: unknown } | undefined
      await write().catch((error: unknown) => {
        failure = { error }
      })
      if (!change()) {
        if (failure !== undefined) throw failure.error
        return
      }
      this.#revision += 1
      failure ??= await this.#writeRevision()
      if (failure === undefined) {
        // Nobody waits for the disk: the datastore has it.
        void this.#save()
        return
      }
      this.#isBehind = true
      if (!(await this.#save())) throw failure.error
    })
  }

  async #writeRevision(): Promise<{ error: unknown } | undefined> {
    if (this.#isBehind) return undefined
    try {
      await this.#database.put<string, string>(REVISION, String(this.#revision), AS_TEXT)
      return undefined
    } catch (error) {
      return { error }
    }
  }

  /** Writes what there is now, once for all that wait. @returns whether it is in the file */
  #save(): Promise<boolean> {
    if (this.#path === undefined) return Promise.resolve(false)
    this.#isDue = true
    this.#saving ??= this.#writeAll(this.#path).finally(() => {
      this.#saving = undefined
    })
    return this.#saving
  }

  async #writeAll(path: string): Promise<boolean> {
    while (this.#isDue) {
      this.#isDue = false
      try {
        await writePlans(path, { revision: this.#revision, peers: this.#peers, provided: this.#provided })
      } catch (error) {
        this.#isDue = true
        this.#failed(path, error)
        return false
      }
    }
    if (this.#hasFailed) this.#tell(undefined)
    this.#hasFailed = false
    return true
  }

  #failed(path: string, error: unknown): void {
    // The same again is no news.
    if (!this.#hasFailed) this.#tell(notWritten(path, error))
    this.#hasFailed = true
    this.#retryLater()
  }

  #retryLater(): void {
    if (this.#closed) return
    this.#cancelRetry?.()
    this.#cancelRetry = this.#clock?.after(RETRY_MS, () => void this.#save())
  }
}

function changeIn<T>(plans: Map<string, T>, key: string, plan: T | undefined): boolean {
  if (JSON.stringify(plan) === JSON.stringify(plans.get(key))) return false
  if (plan === undefined) plans.delete(key)
  else plans.set(key, plan)
  return true
}

function notWritten(path: string, error: unknown): PlanProblem {
  const reason = error instanceof TooMuch ? safeText('there are too many of them') : systemReason(error)
  return {
    cause: say`Names and kept peers cannot be written to ${shown(path)}: ${reason}`,
    hint: say`They hold for this run, and are tried again each ${RETRY_MS / 1000} s. Check that the disk has room and the directory may be written`,
  }
}
