import { say } from '../../core/safe-text.ts'
import type { RequestHandlers } from '../port/local-port.ts'
import { relayWords } from '../relays/relay-words.ts'
import type { FakeDialer } from './dialer.ts'
import type { FakeNetwork } from './network.ts'

/** How long a reservation of the made-up network lasts, in ms. */
const LASTS_MS = 60 * 60_000

/** In the made-up network every peer is a relay that grants what it is asked for, once it was dialed. */
export function fakeReservations(network: FakeNetwork, dialer: FakeDialer): Pick<RequestHandlers, 'reserve'> {
  return {
    reserve: async ({ relay }, { signal, requestId }) => {
      const { peerId, address } = await dialer.dialed(relayWords(relay), signal, requestId)
      const addresses = [say`${address}/p2p-circuit/p2p/${network.self}`]
      const expiresAt = network.now() + LASTS_MS
      network.emit({ type: 'relay:reserved', peerId, addresses, expiresAt, renewed: false, requestId })
      return { peerId, addresses, expiresAt }
    },
  }
}
