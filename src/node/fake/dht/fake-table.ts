import { createHash } from 'node:crypto'
import type { SafeText } from '../../../core/safe-text.ts'
import { K } from '../../routing/limits.ts'
import { sharedBits } from '../../routing/places.ts'
import type { FakePeer } from '../cast.ts'
import type { FakeNetwork } from '../network.ts'
import { multihashOf } from '../peer-id.ts'
import type { Random } from '../random.ts'
import type { Timers } from '../timers.ts'
import { KAD } from './dht-cast.ts'

/** How often a lookup freshens the table, in ms. */
const REFRESH_MS = 20_000

/** How it comes to life. */
export interface TableLife {
  timers: Timers
  random: Random
  /** True: the table is full from the start, and nothing goes on by itself. */
  atOnce: boolean
}

/** The routing table of the made-up node: who has answered comes in, who has not goes. */
export class FakeTable {
  readonly #network: FakeNetwork
  readonly #own: Uint8Array
  readonly #buckets = new Map<SafeText, number>()
  readonly #met = new Set<SafeText>()

  constructor(network: FakeNetwork) {
    this.#network = network
    this.#own = placeOf(network.self)
  }

  /** The peers in it. */
  peers(): SafeText[] {
    return [...this.#buckets.keys()]
  }

  /** Joins the DHT: some of its servers come into the table, and lookups keep it fresh. */
  begin(servers: readonly FakePeer[], { timers, random, atOnce }: TableLife): void {
    this.#network.emit({ type: 'routing:started', protocol: KAD, mode: 'client' })
    const first = servers.filter(({ online }) => online).slice(0, 16)
    for (const server of first) {
      if (atOnce) this.answered(server)
      else timers.after(random.between(500, 8000), () => this.answered(server))
    }
    if (atOnce) return
    timers.every(REFRESH_MS, () => this.#refresh(random))
  }

  /** It is met, and in the table. */
  answered(peer: FakePeer): void {
    const { peerId } = peer
    if (!this.#met.has(peerId)) this.#network.heard(peer, 'dht')
    this.#met.add(peerId)
    if (this.#buckets.has(peerId)) return
    const bucket = sharedBits(this.#own, placeOf(peerId))
    if ([...this.#buckets.values()].filter(other => other === bucket).length >= K) return
    this.#buckets.set(peerId, bucket)
    this.#network.emit({ type: 'routing:added', peerId, bucket })
  }

  /** It did not answer. */
  failed(peerId: SafeText): void {
    if (this.#buckets.delete(peerId)) this.#network.emit({ type: 'routing:removed', peerId })
  }

  /** A lookup through one of the buckets: half of those in the table are asked on its way. */
  #refresh(random: Random): void {
    const at = this.#network.now()
    const heard = this.peers()
      .filter(() => random.chance(0.5))
      .map(peerId => ({ peerId, at }))
    const buckets = [...new Set(this.#buckets.values())]
    const bucket = buckets[random.whole(0, buckets.length)]
    if (bucket !== undefined) {
      this.#network.emit({ type: 'routing:refreshed', heard, buckets: [{ bucket, at }] })
    }
  }
}

function placeOf(peerId: SafeText): Uint8Array {
  return createHash('sha256').update(multihashOf(peerId)).digest()
}
