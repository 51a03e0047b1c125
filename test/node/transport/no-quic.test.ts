import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { listenFailure } from '../../../src/node/bus/listen-failure.ts'
import { explain } from '../../../src/node/errors/explain.ts'
import { QuicMissingError, quicTransport } from '../../../src/node/transport/kinds.ts'
import { lazyTransport } from '../../../src/node/transport/lazy-transport.ts'
import { transportsOf } from '../../../src/node/transports.ts'
import { startPeer, stopPeers } from '../../support/peers/peer.ts'

const ADDRESS = '/ip4/127.0.0.1/udp/1/quic-v1'
const CAUSE = `QUIC binary missing for this platform (${process.platform}-${process.arch})`

it('a platform without a QUIC binary dials and listens with all else, and says so of QUIC', async () => {
  const load = () => Promise.reject(new QuicMissingError(new Error('Cannot find native binding')))
  const node = await startPeer({
    transports: [lazyTransport({ ...quicTransport({ streams: 1, pending: 1 }), load })],
  })
  onTestFinished(() => stopPeers([node]))
  expect(transportsOf(node)?.getAddrs()).toHaveLength(1)
  const dialed = await node.dial(multiaddr(ADDRESS)).catch((error: unknown) => error)
  expect(explain(dialed, { stage: 'connect' })).toMatchObject({ stage: 'connect', cause: CAUSE })
  expect(listenFailure(ADDRESS, new QuicMissingError(undefined))).toMatchObject({
    stage: 'start',
    cause: CAUSE,
  })
  const listened = await transportsOf(node)
    ?.listen([multiaddr(ADDRESS)])
    .catch((error: Error) => error)
  expect(String(listened)).toContain('No QUIC binary')
})
