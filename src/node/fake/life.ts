import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { listensAt, tcp } from './addresses.ts'
import type { FakePeer } from './cast.ts'
import type { ConnectedLife } from './connected.ts'
import type { FakeDialer } from './dialer.ts'
import type { FakeNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Timers } from './timers.ts'

const REFRESH_MS = 10_000
/** mDNS: not heard for so long, a peer has expired. */
const TTL_MS = 30_000

const ENDS = ['Closed by the other side', 'read ECONNRESET', 'The peer went away'].map(text => safeText(text))

interface Parts {
  network: FakeNetwork
  timers: Timers
  dialer: FakeDialer
  connected: ConnectedLife
  random: Random
}

/** What the peers do of their own accord, each by its role. */
export class PeerLife {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  begin(peer: FakePeer): void {
    const random = this.#parts.random.fork()
    const { timers } = this.#parts
    switch (peer.role) {
      case 'neighbour':
        timers.after(random.between(100, 6000), () => this.#appear(peer, random))
        timers.after(random.between(4000, 20_000), () => this.#connect(peer, random))
        break
      case 'restless':
      case 'leaver':
        timers.after(random.between(100, 3000), () => this.#appear(peer, random))
        break
      case 'known':
        this.#parts.network.heard(peer, 'known')
        timers.after(random.between(1000, 9000), () => this.#connect(peer, random))
        break
      case 'caller':
        timers.after(random.between(2000, 15_000), () => this.#connect(peer, random))
        break
      case 'refuser':
        this.#parts.network.heard(peer, 'known')
        this.#dialInVain(listensAt(peer), 14_000, random)
        break
      case 'quiet':
        this.#parts.network.heard(peer, 'mdns')
        break
    }
  }

  /** Heard, and heard again, until it falls silent. */
  #appear(peer: FakePeer, random: Random): void {
    const { network, timers } = this.#parts
    peer.online = true
    network.heard(peer, 'mdns')
    const stop = timers.every(REFRESH_MS, () => network.heard(peer, 'mdns', true))
    if (peer.role === 'neighbour') return
    timers.after(random.between(15_000, 50_000), () => {
      stop()
      this.#vanish(peer, random)
    })
  }

  #vanish(peer: FakePeer, random: Random): void {
    const { network, timers } = this.#parts
    const goodbye = peer.role === 'leaver'
    peer.online = false
    for (const connection of network.connectionsOf(peer)) network.close(connection, say`The peer went away`)
    const silentMs = goodbye ? 0 : TTL_MS
    timers.after(silentMs, () => network.expired(peer, goodbye ? 'goodbye' : 'ttl'))
    timers.after(silentMs + random.between(8000, 30_000), () => {
      peer.port = random.whole(32_768, 61_000)
      this.#appear(peer, random)
    })
  }

  /** A connection, made by whoever's turn it is; it ends one day, and another follows. */
  #connect(peer: FakePeer, random: Random): void {
    const { network, timers, dialer, connected } = this.#parts
    if (network.connectionsOf(peer).length === 0) {
      if (peer.role === 'known' || (peer.role === 'neighbour' && random.chance(0.4)))
        dialer.dial(listensAt(peer))
      else connected.beginLively(network.open(peer, 'inbound'))
    }
    timers.after(random.between(60_000, 240_000), () => {
      for (const connection of network.connectionsOf(peer)) network.close(connection, this.#end(random))
      timers.after(random.between(3000, 20_000), () => this.#connect(peer, random))
    })
  }

  /** A dial that fails now and then: at the peer that refuses, or where nobody is. */
  #dialInVain(address: SafeText, afterMs: number, random: Random): void {
    const { timers, dialer } = this.#parts
    timers.after(afterMs, () => {
      dialer.dial(random.chance(0.5) ? address : tcp('192.168.1.99', 4001))
      this.#dialInVain(address, random.between(40_000, 90_000), random)
    })
  }

  #end(random: Random): SafeText {
    return ENDS[random.whole(0, ENDS.length)] ?? say`closed`
  }
}
