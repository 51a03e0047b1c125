import type { IdentifyResult } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RELAY_SERVER } from '../../../src/node/options.ts'
import { BOUNDS } from '../../../src/node/serving/bounds.ts'
import { TEST_DHT } from '../../support/peers/dht-peers.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { startStockRelay } from '../../support/peers/relay-peers.ts'
import { watchNode } from '../../support/watched-node.ts'

it('are there for every protocol that a node answers, whatever it was started for', async () => {
  const node = watchNode({
    relayServer: DEFAULT_RELAY_SERVER,
    dht: { network: TEST_DHT, server: true },
    autonat: true,
    autonatServer: true,
  })
  await node.heard('autonat:started')
  // From then on it speaks as a client of relays, too.
  const relay = await startStockRelay()
  await node.port.request('reserve', { relay: String(addressOf(relay)) })

  const peer = await startPeer({ listen: [] })
  onTestFinished(() => stopPeers([peer]))
  const identified = new Promise<IdentifyResult>(resolve =>
    peer.addEventListener('peer:identify', ({ detail }) => resolve(detail), { once: true }),
  )
  await peer.dial(multiaddr(await node.address()))
  const { protocols } = await identified
  expect(protocols.sort()).toEqual([...Object.keys(BOUNDS), TEST_DHT].sort())
})
