import { createHash } from 'node:crypto'
import type { PeerId, PeerInfo } from '@libp2p/interface'
import { compareDistance, distance, placeOf, placeOfKey } from '../../routing/places.ts'

/** The multihash of a text's SHA2-256: what its CID stands for. */
const hashOf = (text: string): Uint8Array =>
  Buffer.concat([Uint8Array.of(0x12, 32), createHash('sha256').update(text).digest()])

/** What the servers of the made-up DHT keep from the beginning: somebody provides the text, and somebody left a note. */
const PROVIDED = 'hello world'
const NOTE = { key: '/app/motd', value: 'Good morning from the demo' }
const AT_SO_MANY = 12

/** What each server of the made-up DHT keeps. */
export class FakeRecords {
  readonly #values = new Map<string, Uint8Array>()
  readonly #providers = new Map<string, Map<string, PeerInfo>>()

  constructor(servers: readonly PeerInfo[]) {
    const closest = (key: Uint8Array) => {
      const far = ({ id }: PeerInfo) => distance(placeOf(id), placeOfKey(key))
      return [...servers].sort((a, b) => compareDistance(far(a), far(b))).slice(0, AT_SO_MANY)
    }
    const provided = hashOf(PROVIDED)
    for (const { id } of closest(provided)) {
      for (const provider of servers.slice(0, 3)) this.addProvider(provided, id, provider)
    }
    const note = Buffer.from(NOTE.key)
    for (const { id } of closest(note)) this.put(note, id, Buffer.from(NOTE.value))
  }

  get(key: Uint8Array, at: PeerId): Uint8Array | undefined {
    return this.#values.get(place(key, at))
  }

  put(key: Uint8Array, at: PeerId, value: Uint8Array): void {
    this.#values.set(place(key, at), value)
  }

  providers(key: Uint8Array, at: PeerId): PeerInfo[] {
    return [...(this.#providers.get(place(key, at))?.values() ?? [])]
  }

  addProvider(key: Uint8Array, at: PeerId, provider: PeerInfo): void {
    const providers = this.#providers.get(place(key, at)) ?? new Map<string, PeerInfo>()
    this.#providers.set(place(key, at), providers.set(provider.id.toString(), provider))
  }

  /** From every server: in this network what is withdrawn is forgotten at once. */
  removeProvider(key: Uint8Array, provider: PeerInfo): void {
    const prefix = place(key)
    for (const [name, providers] of this.#providers) {
      if (name.startsWith(prefix)) providers.delete(provider.id.toString())
    }
  }
}

function place(key: Uint8Array, at?: PeerId): string {
  return `${Buffer.from(key).toString('hex')} ${at?.toString() ?? ''}`
}
