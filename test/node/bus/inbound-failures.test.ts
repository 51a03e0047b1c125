import { quic } from '@chainsafe/libp2p-quic'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { expect, it, onTestFinished } from 'vitest'
import { reportInboundFailures } from '../../../src/node/bus/inbound-failures.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { handshakesSideBySide } from '../../../src/node/transport/quic-handshakes.ts'
import { addressOf } from '../../support/peers/peer.ts'
import { stallOverQuic } from '../../support/peers/stalled-quic.ts'
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
    transports: [handshakesSideBySide(components => quic({ maxIdleTimeout: 100 })(components), 8)],
  })
  onTestFinished(() => node.stop())
  await stallOverQuic(String(addressOf(node)), 1)
  await until(() => told.length > 0)
  await node.stop()
  expect(told).toEqual([
    { from: undefined, reason: 'It did not complete the handshake in time; it may not be a libp2p peer' },
  ])
})
