import { say } from '../../core/safe-text.ts'
import { circuit, tcp } from './addresses.ts'
import type { FakePeer } from './cast.ts'
import type { ConnectedLife } from './connected.ts'
import { type FakeNetwork, RELAY_LIMITS } from './network.ts'
import { punch } from './punch.ts'
import type { Random } from './random.ts'
import type { Timers } from './timers.ts'

const HOP = say`/libp2p/circuit/relay/0.2.0/hop`
const AUTONAT = say`/libp2p/autonat/2/dial-request`
/** So many peers are asked to dial back. */
const WITNESSES = 2
/** How often it is looked whether there is a relay to keep, or a peer to ask. */
const LOOK_MS = 2000
const RESERVED_MS = 3_600_000
/** A reservation is renewed long before it ends. */
const RENEW_MS = RESERVED_MS / 2
/** Where the world sees the router that the fake node is behind (RFC 5737). */
const OUTSIDE = tcp('203.0.113.80', 4001)

/** What is at work around the fake node. */
export interface Parts {
  network: FakeNetwork
  timers: Timers
  connected: ConnectedLife
  random: Random
}

/** How the world reaches a node behind a router: a relay that it reserves at, and holes that are punched. */
export class ReachLife {
  readonly #parts: Parts
  #relay: FakePeer | undefined
  readonly #asked = new Set<FakePeer>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  begin(): void {
    const { network, timers, random } = this.#parts
    network.emit({ type: 'autonat:started', asks: true, answers: false })
    timers.every(LOOK_MS, () => this.#look())
    timers.every(RENEW_MS, () => this.#reserve(true))
    timers.after(random.between(14_000, 18_000), () => this.#visit())
  }

  #look(): void {
    const { network } = this.#parts
    if (this.#relay !== undefined && !this.#isConnected(this.#relay)) {
      network.emit({
        type: 'relay:lost',
        peerId: this.#relay.peerId,
        reason: say`The connection to it closed`,
      })
      this.#relay = undefined
    }
    if (this.#relay === undefined) {
      this.#relay = this.#connectedTo(peer => peer.protocols.includes(HOP))
      this.#reserve(false)
    }
    this.#check()
  }

  #reserve(renewed: boolean): void {
    if (this.#relay === undefined) return
    const { network } = this.#parts
    const address = circuit(this.#relay)
    network.emit({
      type: 'relay:reserved',
      peerId: this.#relay.peerId,
      addresses: [address],
      expiresAt: network.now() + RESERVED_MS,
      ...RELAY_LIMITS,
      renewed,
    })
    if (!renewed) {
      network.emit({ type: 'address:learned', address, how: 'relay', peerId: this.#relay.peerId })
    }
  }

  /** A peer dials the address at which it sees us, in vain: the router lets nobody in. */
  #check(): void {
    const { network } = this.#parts
    if (this.#asked.size === WITNESSES) return
    const asked = this.#connectedTo(peer => peer.protocols.includes(AUTONAT) && !this.#asked.has(peer))
    if (asked === undefined) return
    this.#asked.add(asked)
    const { peerId } = asked
    network.emit({ type: 'address:learned', address: OUTSIDE, how: 'guessed', peerId })
    network.emit({ type: 'autonat:asked', address: OUTSIDE, peerId })
    network.emit({ type: 'address:checked', address: OUTSIDE, reachable: false, peerId })
  }

  /** Somebody from afar comes through the relay, and then, mostly, through the hole that both punch. */
  #visit(): void {
    const { network, timers, connected, random } = this.#parts
    const visitor = network.peers.find(peer => peer.role === 'caller' && !this.#isConnected(peer))
    timers.after(random.between(40_000, 90_000), () => this.#visit())
    if (this.#relay === undefined || visitor === undefined) return
    const relayed = network.openRelayed(visitor, this.#relay)
    connected.begin(relayed)
    timers.after(random.between(300, 900), () => punch(this.#parts, visitor, relayed))
    timers.after(RELAY_LIMITS.limitMs, () => network.close(relayed, say`The relay's time limit was reached`))
  }

  #connectedTo(fits: (peer: FakePeer) => boolean): FakePeer | undefined {
    return this.#parts.network.peers.find(peer => fits(peer) && this.#isConnected(peer))
  }

  #isConnected(peer: FakePeer): boolean {
    return this.#parts.network.connectionsOf(peer).length > 0
  }
}
