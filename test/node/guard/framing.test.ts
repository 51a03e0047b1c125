import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { framingOf } from '../../../src/node/guard/framing.ts'
import { DEFAULT_RELAY_SERVER } from '../../../src/node/options.ts'
import { startPeer, stopPeers } from '../../support/peers/peer.ts'
import { turns } from '../../support/peers/until.ts'
import { watchNode } from '../../support/watched-node.ts'

const DHT = '/test/dht/7'

it('knows every protocol that a node of ours answers', async () => {
  const node = watchNode({
    dht: { network: DHT, server: true },
    relayServer: DEFAULT_RELAY_SERVER,
    autonat: true,
    autonatServer: true,
  })
  const peer = await startPeer({ listen: [] })
  onTestFinished(() => stopPeers([peer]))
  const { remotePeer } = await peer.dial(multiaddr(await node.address()))
  // What identify has told of it.
  let protocols: string[] = []
  while (!protocols.includes(DHT) || !protocols.some(name => name.includes('dial-request'))) {
    await turns(1)
    protocols = (await peer.peerStore.get(remotePeer)).protocols
  }
  expect(protocols.length).toBeGreaterThan(5)
  expect(protocols.filter(protocol => framingOf(protocol, DHT) === undefined)).toEqual([])
})

it.each(['/ipfs/kad/1.0.0', '/ipfs/lan/kad/1.0.0', '/my/kad/2.1.0', '/my/dht'])(
  'takes %s for a DHT',
  name => {
    expect(framingOf(name, '/my/dht')?.messages?.messageBytes).toBe(1024 * 1024)
  },
)
