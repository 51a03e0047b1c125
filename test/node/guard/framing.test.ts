import type { Identify } from '@libp2p/identify'
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
  const connection = await peer.dial(multiaddr(await node.address()))
  const { identify } = peer.services as unknown as { identify: Identify }
  // It comes last, and answers a moment after it is told.
  await node.heard('autonat:started')
  let protocols: string[] = []
  while (!protocols.some(name => name.endsWith('dial-request'))) {
    await turns()
    protocols = (await identify.identify(connection)).protocols
  }
  expect(protocols.length).toBeGreaterThan(4)
  expect(protocols.filter(protocol => framingOf(protocol, DHT) === undefined)).toEqual([])
})

it.each(['/ipfs/kad/1.0.0', '/ipfs/lan/kad/1.0.0', '/my/kad/2.1.0', '/my/dht'])(
  'takes %s for a DHT',
  name => {
    expect(framingOf(name, '/my/dht')).toMatchObject({ messages: { messageBytes: 1024 * 1024 } })
  },
)
