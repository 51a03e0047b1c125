import type { Multiaddr } from '@multiformats/multiaddr'
import { multiaddr } from '@multiformats/multiaddr'

/** So many addresses are remembered, those given last. */
const MOST = 1_000

/** Addresses that a person gave in this run, typed or as an option: these are dialed wherever they lead. */
export class GivenAddresses {
  readonly #places = new Set<string>()

  /** A person gave these words; what is no address is left alone. */
  add(words: string): void {
    const place = words.includes('/') ? placeOf(words.trim()) : undefined
    if (place === undefined) return
    this.#places.delete(place)
    this.#places.add(place)
    const [oldest] = this.#places
    if (this.#places.size > MOST && oldest !== undefined) this.#places.delete(oldest)
  }

  has(address: Multiaddr): boolean {
    const place = placeOf(address.toString())
    return place !== undefined && this.#places.has(place)
  }
}

/** Host and port of an address, or of the relay on the way: `/dns4/example.org/tcp/4001`. */
function placeOf(address: string): string | undefined {
  try {
    const names = multiaddr(address).getComponents()
    const end = names.findIndex(({ name }) => name === 'tcp' || name === 'udp') + 1
    const parts = end === 0 ? names.slice(0, 1) : names.slice(0, end)
    return parts.map(({ name, value = '' }) => `/${name}/${value.toLowerCase()}`).join('')
  } catch {
    return undefined
  }
}
