import type { NodePort } from '../../src/core/port.ts'
import type { PortUnderTest } from '../contract/port-contract.ts'
import { PortReader } from './port-reader.ts'

/** The contract's world for a port behind which there is the fake network, wherever it runs. */
export async function fakeWorld(port: NodePort): Promise<PortUnderTest> {
  const reader = new PortReader(port)
  const NEIGHBOUR = '/ip4/192.168.1.21/'
  const neighbour = () =>
    [...reader.state.peers.values()].find(peer => peer.addresses[0]?.startsWith(NEIGHBOUR))
  await reader.until(({ state }) => state.peers.size === 12)
  reader.subscription.close()
  const { peerId = '', addresses = [] } = neighbour() ?? {}
  return {
    port,
    peer: { peerId, address: `${addresses[0]}/p2p/${peerId}` },
    // A network for documentation: the fake leaves dials to it without an answer.
    silent: '/ip4/192.0.2.1/tcp/4001',
  }
}
