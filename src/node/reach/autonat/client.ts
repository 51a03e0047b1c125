import type { Connection, PeerId } from '@libp2p/interface'
import type { Cancel } from '../../../core/clock.ts'
import type { NewEvent } from '../../../core/events.ts'
import { type SafeText, safeText } from '../../../core/safe-text.ts'
import { ownerOf } from '../../serving/asker.ts'
import { publicPlace } from '../public-host.ts'
import type { ReachContext } from '../reach.ts'
import { Asker } from './asker.ts'
import { DIAL_REQUEST, type AutonatClient as Libp2pClient } from './parts.ts'
import { AGAIN_MS, type Ask, type Asked, nextAsk, type Witness } from './rounds.ts'
import { settle } from './verdicts.ts'

/** How often it is looked whether an address is to be tried again, in ms. */
const LOOK_MS = 60_000

/**
 * Finds out whether our public addresses can be dialed: has connected peers that speak AutoNAT and are outside of our
 * network dial us back, and tells who got through where. It connects to nobody.
 */
export class AutonatClient {
  readonly #context: ReachContext
  readonly #asker: Asker
  /** Connected peers that can be asked, by Peer ID. */
  readonly #peers = new Map<SafeText, PeerId>()
  readonly #ending = new AbortController()
  #asked: Asked[] = []
  #busy = false
  #topology: string | undefined
  #stopLooking: Cancel = () => {}

  constructor(context: ReachContext, client: Libp2pClient) {
    this.#context = context
    this.#asker = new Asker(context.libp2p, client)
  }

  async start(): Promise<void> {
    const { libp2p, clock } = this.#context
    await this.#asker.start()
    this.#topology = await libp2p.register(DIAL_REQUEST, {
      onConnect: peer => {
        this.#peers.set(safeText(peer.toString()), peer)
        void this.#look()
      },
      onDisconnect: peer => {
        this.#peers.delete(safeText(peer.toString()))
      },
    })
    this.#stopLooking = clock.every(LOOK_MS, () => void this.#look())
    void this.#look()
  }

  async stop(): Promise<void> {
    this.#stopLooking()
    this.#ending.abort()
    if (this.#topology !== undefined) this.#context.libp2p.unregister(this.#topology)
    await this.#asker.stop()
  }

  /** Told of every event of the node. */
  heard({ type }: NewEvent): void {
    if (type === 'address:learned') void this.#look()
  }

  /** Asks one peer after the other until there is nothing to ask. */
  async #look(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      for (let ask = this.#next(); ask !== undefined; ask = this.#next()) await this.#carryOut(ask)
    } finally {
      this.#busy = false
    }
  }

  #next(): Ask | undefined {
    if (this.#ending.signal.aborted) return undefined
    const since = this.#context.clock.monotonic() - AGAIN_MS
    this.#asked = this.#asked.filter(({ at }) => at > since)
    const addresses = [...this.#context.state().ownAddresses.values()]
      .filter(({ how, address }) => how !== 'relay' && publicPlace(address) !== undefined)
      .map(({ address }) => address)
    return nextAsk(addresses, () => this.#witnesses(), this.#asked)
  }

  /** A peer in our own network, or one that is reached through a relay, says nothing about the way in from outside. */
  #witnesses(): Witness[] {
    return [...this.#peers.keys()].flatMap(peerId => {
      const connection = this.#connectionTo(peerId)
      if (connection === undefined) return []
      const addresses = this.#context.state().peers.get(peerId)?.addresses ?? []
      return [
        {
          peerId,
          host: ownerOf(connection),
          ip6: addresses.some(address => publicPlace(address)?.family === 'ip6'),
        },
      ]
    })
  }

  #connectionTo(peerId: SafeText): Connection | undefined {
    return this.#context.libp2p
      .getConnections(this.#peers.get(peerId))
      .find(
        ({ status, limits, remoteAddr }) =>
          status === 'open' && limits === undefined && publicPlace(remoteAddr.toString()) !== undefined,
      )
  }

  async #carryOut({ peerId, host, address }: Ask): Promise<void> {
    const { clock, emit, libp2p, state } = this.#context
    const connection = this.#connectionTo(peerId)
    if (connection === undefined) return
    emit({ type: 'autonat:asked', peerId, address })
    const answer = await this.#asker.ask(connection, address, this.#ending.signal)
    if (this.#ending.signal.aborted) return
    const tried = 'reachable' in answer
    this.#asked.push({ peerId, host, address, at: clock.monotonic(), tried })
    if (!tried) {
      emit({ type: 'autonat:refused', peerId, address, cause: answer.refused })
      return
    }
    // It may have been lost while the peer tried.
    if (!state().ownAddresses.has(address)) return
    emit({ type: 'address:checked', peerId, address, reachable: answer.reachable })
    const own = state().ownAddresses.get(address)
    if (own !== undefined) settle(libp2p, own)
  }
}
