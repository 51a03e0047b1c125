/** What a DHT keeps for others: in memory, and never more than so much. */
import { NotFoundError } from '@libp2p/interface'

/** A key of libp2p's datastores. */
interface Key {
  toString(): string
}

/** How much is kept. */
export interface RecordLimits {
  /** @default 10_000 */
  entries?: number
  /** Sum of keys and values. @default 32 MiB */
  bytes?: number
}

/**
 * The part of a datastore that the DHT uses. When it is full the oldest entry goes: others decide what is stored here,
 * so nothing of it goes to the disk.
 */
export class RecordStore<K extends Key = Key> {
  readonly #most: Required<RecordLimits>
  readonly #entries = new Map<string, { key: K; value: Uint8Array }>()
  /** Names by each path that they are below: anybody may ask for any key, which must not cost a look at all. */
  readonly #below = new Map<string, Set<string>>()
  #bytes = 0

  constructor(limits: RecordLimits = {}) {
    this.#most = { entries: 10_000, bytes: 32 * 1024 * 1024, ...limits }
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
    this.delete(key)
    this.#entries.set(name, { key, value })
    for (const path of pathsAbove(name)) {
      const names = this.#below.get(path) ?? new Set()
      this.#below.set(path, names.add(name))
    }
    this.#bytes += name.length + value.byteLength
    while (this.#entries.size > this.#most.entries || this.#bytes > this.#most.bytes) {
      const oldest = this.#entries.values().next().value
      if (oldest === undefined) break
      this.delete(oldest.key)
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
    const name = key.toString()
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    this.#entries.delete(name)
    for (const path of pathsAbove(name)) {
      const names = this.#below.get(path)
      names?.delete(name)
      if (names?.size === 0) this.#below.delete(path)
    }
    this.#bytes -= name.length + entry.value.byteLength
  }

  /** The entries below a path, all of them if none is given; what changes meanwhile is not looked at. */
  async *query({ prefix = '' }: { prefix?: string }): AsyncGenerator<{ key: K; value: Uint8Array }> {
    const path = prefix.replace(/\/$/, '')
    const names = path === '' ? this.#entries.keys() : (this.#below.get(path) ?? [])
    const found = [...names].map(name => this.#entries.get(name))
    for (const entry of found) if (entry !== undefined) yield entry
  }
}

/** `/a/b/c` is below `/a/b` and `/a`. */
function pathsAbove(name: string): string[] {
  const parts = name.split('/')
  return parts.slice(2).map((_, place) => parts.slice(0, place + 2).join('/'))
}
