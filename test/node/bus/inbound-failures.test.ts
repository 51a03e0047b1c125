import { quic } from '@chainsafe/libp2p-quic'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { expect, it, onTestFinished } from 'vitest'
import { reportInboundFailures } from '../../../src/node/bus/inbound-failures.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { withManyHandshakes } from '../../../src/node/transport/quic-handshakes.ts'
import { OneWay } from '../../support/peers/one-way.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { until } from '../../support/peers/until.ts'

it('tells of a QUIC handshake that came to nothing, and not of the listener that ends', async () => {
  const logTap = new LogTap()
  const told: { from: Multiaddr | undefined; reason: string }[] = []
  reportInboundFailures(logTap, {
    handshakeFailed: (from, reason) => void told.push({ from, reason }),
  })
  const node = await createLibp2p({
    logger: logTap.logger,
    addresses: { listen: ['/ip4/127.0.0.1/udp/0/quic-v1'] },
    // What the machine code waits for without a packet, in ms.
    transports: [withManyHandshakes(components => quic({ maxIdleTimeout: 100 })(components))],
  })
  onTestFinished(() => node.stop())
  const stranger = await startPeer({ listen: [], transports: [components => quic()(components)] })
  onTestFinished(() => stopPeers([stranger]))
  const port = Number(
    addressOf(node)
      .getComponents()
      .find(({ name }) => name === 'udp')?.value,
  )
  using way = await OneWay.open('127.0.0.1', { address: '127.0.0.1', port })
  void stranger.dial(way.address).catch(() => {})
  await until(() => told.length > 0)
  await node.stop()
  expect(told).toEqual([
    { from: undefined, reason: 'It did not get through the handshake in time: it may not speak libp2p' },
  ])
})
