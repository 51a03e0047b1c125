/** What a DHT keeps for others: in memory, never more than so much, and of each of them no more than a fair share. */
import { NotFoundError } from '@libp2p/interface'
import { readAllFields } from '../relays/protobuf.ts'
import { currentAsker } from '../serving/asker.ts'
import { RecordShares } from './record-shares.ts'

/** A key of libp2p's datastores. */
interface Key {
  toString(): string
}

/** How much is kept, and whose an entry is. */
export interface RecordStoreOptions {
  /** @default 10_000 */
  entries?: number
  /** Sum of keys and values. @default 32 MiB */
  bytes?: number
  /** Providers of one key: each answer names all of them. @default 100 */
  providers?: number
  /** Who wants an entry kept; undefined: we ourselves. @default who is being answered */
  owner?(): string | undefined
}

interface Entry<K> {
  key: K
  value: Uint8Array
  owner: string | undefined
}

/** The providers of one key are below this path, each at its Peer ID: `/dht/provider/<key>/<peer>`. */
const PROVIDERS = /^.*\/provider\/[^/]+(?=\/[^/]+$)/
/** Values are below this one. */
const RECORD = /\/record\/[^/]+$/
/** Field of a record that holds its value: https://github.com/libp2p/specs/blob/master/kad-dht/README.md#rpc-messages */
const VALUE = 2

/**
 * The part of a datastore that the DHT uses. Others decide what is stored here, so nothing of it goes to the disk, and
 * when it is full it is those who have most in it who lose their oldest: nobody drives out the records of others.
 */
export class RecordStore<K extends Key = Key> {
  readonly #most: Required<Omit<RecordStoreOptions, 'owner'>>
  readonly #owner: () => string | undefined
  readonly #entries = new Map<string, Entry<K>>()
  /** Names by each path that they are below: anybody may ask for any key, which must not cost a look at all. */
  readonly #below = new Map<string, Set<string>>()
  readonly #shares: RecordShares
  #bytes = 0

  constructor({ owner = () => currentAsker()?.owner, ...most }: RecordStoreOptions = {}) {
    this.#most = { entries: 10_000, bytes: 32 * 1024 * 1024, providers: 100, ...most }
    this.#owner = owner
    this.#shares = new RecordShares(this.#most)
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size
  }

  /** Sum of keys and values. */
  get bytes(): number {
    return this.#bytes
  }

  put(key: K, value: Uint8Array): K {
    const name = key.toString()
    const before = this.#entries.get(name)
    // Whoever says again what is kept already does not make it his, to take it with him.
    const owner =
      before !== undefined && saysTheSame(name, before.value, value) ? before.owner : this.#owner()
    this.#delete(name)
    this.#makeRoomBeside(name, owner)
    this.#add(name, { key, value, owner })
    while (this.#entries.size > this.#most.entries || this.#bytes > this.#most.bytes) {
      const oldest = this.#shares.oldest(owner)
      if (oldest === undefined) break
      this.#delete(oldest)
    }
    return key
  }

  /** @throws {NotFoundError} */
  get(key: K): Uint8Array {
    const entry = this.#entries.get(key.toString())
    if (entry === undefined) throw new NotFoundError('No such record')
    return entry.value
  }

  has(key: K): boolean {
    return this.#entries.has(key.toString())
  }

  delete(key: K): void {
    this.#delete(key.toString())
  }

  /** The entries below a path, all of them if none is given; what changes meanwhile is not looked at. */
  async *query({ prefix = '' }: { prefix?: string }): AsyncGenerator<{ key: K; value: Uint8Array }> {
    const path = prefix.replace(/\/$/, '')
    const names = path === '' ? this.#entries.keys() : (this.#below.get(path) ?? [])
    const found = [...names].map(name => this.#entries.get(name))
    for (const entry of found) if (entry !== undefined) yield entry
  }

  /** One provider of a key has to go where there are as many as may be: by the same rule as in the whole store. */
  #makeRoomBeside(name: string, owner: string | undefined): void {
    const path = PROVIDERS.exec(name)?.[0]
    const beside = this.#below.get(path ?? '')
    if (beside === undefined || beside.size < this.#most.providers) return
    const shares = new RecordShares({ entries: beside.size, bytes: Number.POSITIVE_INFINITY })
    for (const other of beside) shares.add(this.#entries.get(other)?.owner, other, 0)
    const oldest = shares.oldest(owner)
    if (oldest !== undefined) this.#delete(oldest)
  }

  #add(name: string, entry: Entry<K>): void {
    this.#entries.set(name, entry)
    for (const path of pathsAbove(name)) {
      const names = this.#below.get(path) ?? new Set()
      this.#below.set(path, names.add(name))
    }
    const size = name.length + entry.value.byteLength
    this.#shares.add(entry.owner, name, size)
    this.#bytes += size
  }

  #delete(name: string): void {
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    this.#entries.delete(name)
    for (const path of pathsAbove(name)) {
      const names = this.#below.get(path)
      names?.delete(name)
      if (names?.size === 0) this.#below.delete(path)
    }
    this.#shares.remove(entry.owner, name)
    this.#bytes -= name.length + entry.value.byteLength
  }
}

/** `/a/b/c` is below `/a/b` and `/a`. */
function pathsAbove(name: string): string[] {
  const parts = name.split('/')
  return parts.slice(2).map((_, place) => parts.slice(0, place + 2).join('/'))
}

/** Whether two records hold the same value: when they came does not matter. A provider speaks for itself alone. */
function saysTheSame(name: string, before: Uint8Array, now: Uint8Array): boolean {
  if (!RECORD.test(name)) return false
  const [old, value] = [before, now].map(
    bytes => readAllFields(bytes)?.find(([field]) => field === VALUE)?.[1],
  )
  return old instanceof Uint8Array && value instanceof Uint8Array && Buffer.compare(old, value) === 0
}
