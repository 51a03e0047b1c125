import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { safeText } from '../../core/safe-text.ts'
import type { Account } from '../../core/swarm/connections.ts'
import { EventRates } from '../limits/event-rates.ts'
import type { AllLimits } from '../limits/fit-limits.ts'
import { hostOfIp } from '../limits/host.ts'
import { type Holding, largestAccounts } from '../limits/largest-accounts.ts'
import type { FakeConnection, FakeNetwork } from './network.ts'

/** What is sent leaves in packets of so many bytes; what does not fill one waits. */
const PACKET_BYTES = 1_460

/** Who has how much of the made-up node. */
export class FakeAccounts {
  readonly #network: FakeNetwork
  readonly #most: AllLimits
  readonly #rates: EventRates

  constructor({ clock, network, most }: { clock: Clock; network: FakeNetwork; most: AllLimits }) {
    this.#network = network
    this.#most = most
    this.#rates = new EventRates(clock)
  }

  heard(event: NewEvent): void {
    const connectionId = 'connectionId' in event ? event.connectionId : undefined
    const connection = connectionId && this.#network.connections.get(connectionId)
    this.#rates.count(event, connection ? holdingOf(connection) : undefined)
  }

  largest(): Account[] {
    return largestAccounts({
      holdings: [...this.#network.connections.values()].map(holdingOf),
      handshakes: [],
      rates: this.#rates,
      most: this.#most,
    })
  }
}

function holdingOf({ connectionId, peer, address, streams }: FakeConnection): Holding {
  const all = Array.from(streams.values(), ({ protocol, bytesOut }) => ({
    protocol,
    bufferedBytes: bytesOut % PACKET_BYTES,
  }))
  const [, relay] = /\/p2p\/([^/]+)\/p2p-circuit/.exec(address) ?? []
  return {
    connectionId,
    peerId: peer.peerId,
    share: safeText(relay === undefined ? (hostOfIp(peer.host) ?? peer.host) : `relay ${relay}`),
    streams: all,
    bufferedBytes: all.reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0),
  }
}
