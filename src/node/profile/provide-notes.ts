/**
 * What the operator of a profile provides: one record a CID, in the profile's datastore, so that it is still provided
 * after a restart. What a server keeps for others is not: they say it again, to twenty peers, within a day.
 */
import type { LevelDatastore } from 'datastore-level'
import type { PlanKeeper } from './plan-keeper.ts'

/** The part of LevelDB that it is kept with. */
export type ProvideDatabase = Pick<LevelDatastore['db'], 'put' | 'del' | 'iterator'>

/** Keys of ours; libp2p's begin with /peers/ and others. The sign after the last one ends the range. */
const PREFIX = '/p2p-tui/provide/'
const RANGE = { gte: PREFIX, lt: '/p2p-tui/provide0' }
const AS_TEXT = { keyEncoding: 'utf8', valueEncoding: 'utf8' } as const

/** CIDs with the moment (ms since the epoch) at which each was first provided. */
export class ProvideNotes {
  readonly #database: ProvideDatabase | undefined
  #keeper: PlanKeeper | undefined

  /** @param database absent: an ephemeral identity, nothing is kept */
  constructor(database: ProvideDatabase | undefined) {
    this.#database = database
  }

  /** All of them. A record that cannot be read is passed over. Rejects with LevelDB's error. */
  async load(): Promise<Map<string, number>> {
    const notes = new Map<string, number>()
    if (this.#database === undefined) return notes
    for await (const [key, value] of this.#database.iterator<string, string>({ ...RANGE, ...AS_TEXT })) {
      const since = Number(value)
      if (Number.isSafeInteger(since)) notes.set(key.slice(PREFIX.length), since)
    }
    return notes
  }

  /** They go through this from now on, to be in a file too. */
  keepWith(keeper: PlanKeeper): void {
    this.#keeper = keeper
  }

  /** Resolves when it is written. Rejects with LevelDB's error. */
  async put(cid: string, since: number): Promise<void> {
    await this.#write(cid, since, async () => {
      await this.#database?.put<string, string>(PREFIX + cid, String(since), AS_TEXT)
    })
  }

  /** Resolves when it is gone. Rejects with LevelDB's error. */
  async delete(cid: string): Promise<void> {
    await this.#write(cid, undefined, async () => {
      await this.#database?.del(PREFIX + cid, { keyEncoding: 'utf8' })
    })
  }

  async #write(cid: string, since: number | undefined, write: () => Promise<void>): Promise<void> {
    await (this.#keeper?.keepProvided(cid, since, write) ?? write())
  }
}
