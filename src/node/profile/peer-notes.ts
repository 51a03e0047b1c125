/**
 * What a profile keeps of peers beside libp2p's address book, which knows neither names nor ages: one record a peer, in
 * the same datastore. So it has the same lock, a record is there whole or not at all, and what was written survives
 * that the process is killed.
 */
import type { LevelDatastore } from 'datastore-level'
import { SOURCES, type Source } from '../../core/events.ts'
import { parsePeerId } from '../dial/target.ts'
import { Line } from '../line.ts'
import type { PlanKeeper } from './plan-keeper.ts'
import type { PeerPlan } from './plans-file.ts'

/** When one source told of a peer first and last, in ms since the epoch. */
export interface SeenBy {
  source: Source
  firstSeen: number
  lastSeen: number
}

/** What is kept of one peer. */
export interface PeerNote {
  /** What a person calls it. */
  name?: string
  /** Its connection is to stay. */
  keep?: true
  /** Where it has proved to be: see `ProvenAddresses`. */
  proven?: readonly string[]
  /** How it came to notice, in this run and earlier ones. */
  seen: readonly SeenBy[]
}

const NOTHING: PeerNote = { seen: [] }
/** Keys of ours; libp2p's begin with /peers/ and others. The sign after the last one ends the range. */
const PREFIX = '/p2p-tui/peers/'
const RANGE = { gte: PREFIX, lt: '/p2p-tui/peers0' }
const AS_TEXT = { keyEncoding: 'utf8', valueEncoding: 'utf8' } as const

/** The part of LevelDB that notes are kept with. */
type Database = Pick<LevelDatastore['db'], 'put' | 'del' | 'iterator'>

/** The notes of a profile, all of them in memory. */
export class PeerNotes {
  readonly #database: Database | undefined
  readonly #notes: Map<string, PeerNote>
  /** LevelDB writes on several threads: of two writes of one record begun together either could be the last. */
  readonly #line = new Line()
  #keeper: PlanKeeper | undefined

  /** How many records could not be read. */
  readonly unreadable: number

  private constructor(database: Database | undefined, notes: Map<string, PeerNote>, unreadable: number) {
    this.#database = database
    this.#notes = notes
    this.unreadable = unreadable
  }

  /**
   * Reads them. A record that cannot be read, or is of nobody, is removed: nothing else hangs on it.
   *
   * @param database absent: an ephemeral identity; notes are kept for this run
   */
  static async load(database: Database | undefined): Promise<PeerNotes> {
    const notes = new Map<string, PeerNote>()
    const unreadable: string[] = []
    if (database !== undefined) {
      for await (const [key, value] of database.iterator<string, string>({ ...RANGE, ...AS_TEXT })) {
        const peerId = key.slice(PREFIX.length)
        const note = parsePeerId(peerId) === undefined ? undefined : read(value)
        if (note === undefined) unreadable.push(key)
        else notes.set(peerId, note)
      }
      // What stays on a disk that cannot be written is found again.
      await Promise.allSettled(unreadable.map(key => database.del(key, { keyEncoding: 'utf8' })))
    }
    return new PeerNotes(database, notes, unreadable.length)
  }

  /** Each peer with a note, by its Peer ID. */
  all(): readonly (readonly [string, PeerNote])[] {
    return [...this.#notes]
  }

  /** What is noted of a peer; without sightings when there is nothing. */
  of(peerId: string): PeerNote {
    return this.#notes.get(peerId) ?? NOTHING
  }

  /** Whether a person has plans with the peer: it is not to be forgotten for want of room. */
  isWanted(peerId: string): boolean {
    const { name, keep } = this.of(peerId)
    return name !== undefined || keep === true
  }

  /** What a person decided goes through this from now on, to be in a file too. */
  keepWith(keeper: PlanKeeper): void {
    this.#keeper = keeper
  }

  /** Changes what is noted. Resolves when it is written. Rejects with LevelDB's error; the note holds for this run then. */
  async change(peerId: string, change: (before: PeerNote) => PeerNote): Promise<void> {
    const note = change(this.of(peerId))
    this.#notes.set(peerId, note)
    const value = JSON.stringify(note)
    await this.#write(peerId, note, async () => {
      await this.#database?.put<string, string>(PREFIX + peerId, value, AS_TEXT)
    })
  }

  /** Takes a peer's note out. Resolves when that is written; rejects with LevelDB's error. */
  async delete(peerId: string): Promise<void> {
    if (!this.#notes.delete(peerId)) return
    await this.#write(peerId, NOTHING, async () => {
      await this.#database?.del(PREFIX + peerId, { keyEncoding: 'utf8' })
    })
  }

  async #write(peerId: string, note: PeerNote, write: () => Promise<void>): Promise<void> {
    const keeper = this.#keeper
    await this.#line.run(keeper === undefined ? write : () => keeper.keepPeer(peerId, planOf(note), write))
  }
}

/** What of a note goes into the file of plans; undefined when a person has none with the peer. */
export function planOf({ name, keep, proven }: PeerNote): PeerPlan | undefined {
  if (name === undefined && keep === undefined) return undefined
  return {
    ...(name === undefined ? {} : { name }),
    ...(keep === undefined ? {} : { keep }),
    ...(proven === undefined || proven.length === 0 ? {} : { proven }),
  }
}

function read(text: string): PeerNote | undefined {
  try {
    const { name, keep, proven, seen } = JSON.parse(text) as Record<string, unknown>
    return {
      ...(typeof name === 'string' ? { name } : {}),
      ...(keep === true ? { keep } : {}),
      ...(Array.isArray(proven) ? { proven: proven.filter(address => typeof address === 'string') } : {}),
      seen: Array.isArray(seen) ? seen.filter(isSeenBy) : [],
    }
  } catch {
    return undefined
  }
}

function isSeenBy(value: unknown): value is SeenBy {
  if (typeof value !== 'object' || value === null) return false
  const { source, firstSeen, lastSeen } = value as Record<string, unknown>
  return SOURCES.includes(source as Source) && isTime(firstSeen) && isTime(lastSeen)
}

function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
