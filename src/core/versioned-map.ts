/** What a version held before the one after it was made; `value` undefined: nothing. */
interface Difference<K, V extends object> {
  key: K
  value: V | undefined
  newer: VersionedMap<K, V>
}

/** At the least so many changes are made before a map is copied; with many entries, as many as there are more. */
const LEAST_SHARED = 1000

/**
 * A map that is never changed in place: a change makes a new version, and the old one stays as it was. Only the version
 * that was used last is a real map; the others know in what they differ from their neighbour, and become one when they
 * are used (Baker, "Shallow binding makes functional arrays fast", 1991).
 *
 * For something that changes all the time and of which nearly everybody reads the newest version this costs what a
 * `Map` costs, whatever its size; a tree that shares branches takes many times that with tens of thousands of long
 * keys. The price: whoever keeps an old version keeps the differences from then on, too, until the next copy.
 */
export class VersionedMap<K, V extends object> {
  #held: Map<K, V> | Difference<K, V>
  /** How many changes ago the map was copied. */
  readonly #age: number

  private constructor(map: Map<K, V>, age: number) {
    this.#held = map
    this.#age = age
  }

  static of<K, V extends object>(entries: Iterable<readonly [K, V]> = []): VersionedMap<K, V> {
    return new VersionedMap(new Map(entries), 0)
  }

  get size(): number {
    return this.#map().size
  }

  get(key: K): V | undefined {
    return this.#map().get(key)
  }

  has(key: K): boolean {
    return this.#map().has(key)
  }

  /** The version in which a key has a value; this one if it has it already. */
  set(key: K, value: V): VersionedMap<K, V> {
    return this.#with(key, value)
  }

  /** The version without a key. */
  delete(key: K): VersionedMap<K, V> {
    return this.#with(key, undefined)
  }

  /** The version with each value replaced. */
  map(change: (value: V) => V): VersionedMap<K, V> {
    return VersionedMap.of(Array.from(this.#map(), ([key, value]) => [key, change(value)] as const))
  }

  /** All values as they are now, in no particular order. Other versions may be made meanwhile. */
  values(): V[] {
    return [...this.#map().values()]
  }

  #with(key: K, value: V | undefined): VersionedMap<K, V> {
    const map = this.#map()
    const before = map.get(key)
    if (before === value) return this
    // A copy once in so many changes costs little, and ends what hangs on an old version.
    const shared = this.#age < map.size + LEAST_SHARED
    const newer = shared ? new VersionedMap(map, this.#age + 1) : VersionedMap.of(map)
    if (shared) this.#held = { key, value: before, newer }
    put(newer.#map(), key, value)
    return newer
  }

  /** Makes this version the one that is a real map: goes the way to that one, and back with it, change by change. */
  #map(): Map<K, V> {
    const way: VersionedMap<K, V>[] = []
    let version: VersionedMap<K, V> = this
    while (!(version.#held instanceof Map)) {
      way.push(version)
      version = version.#held.newer
    }
    const map = version.#held
    for (const older of way.reverse()) {
      const { key, value } = older.#held as Difference<K, V>
      version.#held = { key, value: map.get(key), newer: older }
      put(map, key, value)
      older.#held = map
      version = older
    }
    return map
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}
