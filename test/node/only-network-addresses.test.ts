import { join } from 'node:path'
import type { AddressManager } from '@libp2p/interface-internal'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { insidesOf } from '../../src/node/insides.ts'
import { onlyNetworkAddresses } from '../../src/node/only-network-addresses.ts'
import { DEFAULT_RELAY_SERVER } from '../../src/node/options.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { watchNode } from '../support/watched-node.ts'

const unixSocket = async () => `/unix/${encodeURIComponent(join(await scratchDirectory(), 'node'))}`

it('reserves at a relay that listens on a Unix socket too, and outlives its end', async () => {
  const relay = watchNode({
    listen: ['/ip4/127.0.0.1/tcp/0', await unixSocket()],
    relayServer: DEFAULT_RELAY_SERVER,
  })
  const isUnix = ({ address }: { address: string }) => address.startsWith('/unix/')
  await relay.heard('listen:opened', isUnix)
  const holder = watchNode({ listen: [] })
  const { address } = await relay.heard('listen:opened', event => !isUnix(event))
  const { addresses } = await holder.port.request('reserve', { relay: address })
  expect(addresses.some(one => one.startsWith('/unix/'))).toBe(true)
  await relay.port.stop()
  await holder.heard('relay:lost')
  expect(holder.state().relays.size).toBe(0)
})

it('believes what peers see of a node that listens on a Unix socket too', async () => {
  const peer = await startPeer({ listen: ['/ip4/127.0.0.1/tcp/0', await unixSocket()] })
  onlyNetworkAddresses(peer)
  const manager: AddressManager = insidesOf(peer).addressManager
  const seen = multiaddr('/ip4/8.8.8.8/tcp/4001')
  manager.addObservedAddr(seen)
  manager.confirmObservedAddr(seen, { type: 'observed' })
  expect(peer.getMultiaddrs().map(String)).toContain(`${seen}/p2p/${peer.peerId}`)
  await stopPeers([peer])
})
