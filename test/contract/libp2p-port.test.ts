import { createServer, type Socket } from 'node:net'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import { systemClock } from '../../src/core/clock.ts'
import { startLibp2pPort } from '../../src/node/libp2p-port.ts'
import { DEFAULT_NODE_OPTIONS } from '../../src/node/options.ts'
import { PortReader } from '../support/port-reader.ts'
import { describePort } from './port-contract.ts'

const LOOPBACK = '/ip4/127.0.0.1/tcp/0'

describePort('over libp2p', async () => {
  const [other, silence] = await Promise.all([startOther(), startSilence()])
  const port = startLibp2pPort(
    { ...DEFAULT_NODE_OPTIONS, listen: [LOOPBACK], ephemeral: true, mdns: false, pingIntervalMs: 0 },
    systemClock,
  )
  const reader = new PortReader(port)
  await reader.until(({ state }) => state.node.status === 'running' && state.node.listening.length > 0)
  reader.subscription.close()
  return {
    port,
    peer: { peerId: other.peerId.toString(), address: String(other.getMultiaddrs()[0]) },
    silent: silence.address,
    close: async () => {
      await other.stop()
      silence.close()
    },
  }
})

/** A peer like any other. */
function startOther() {
  return createLibp2p({
    addresses: { listen: [LOOPBACK] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    services: { identify: identify(), ping: ping({ maxInboundStreams: 10, maxOutboundStreams: 10 }) },
  })
}

/** A server that accepts connections and never says a word. */
async function startSilence() {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    address: `/ip4/127.0.0.1/tcp/${address.port}`,
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
