/** Much data both ways at once, between two nodes of ours. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Libp2p, MessageStream, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { createNode } from '../../../src/node/create-node.ts'
import { MOST_REPLIES } from '../../../src/node/guard/connection-guard.ts'
import { WireGuard } from '../../../src/node/guard/wire-guard.ts'
import { insidesOf } from '../../../src/node/insides.ts'
import type { Excess } from '../../../src/node/limits/node-limits.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { insidesOfConnection } from '../../support/peers/unnegotiated.ts'

const BULK = '/bulk/1.0.0'
const STREAMS = 16
/** A megabyte each way tells as much as a hundred, but for those who want to be sure: `BULK_MB=100`. */
const MEGABYTES = Number(process.env.BULK_MB ?? 1)
const BYTES = MEGABYTES * 1024 * 1024
const TIMEOUT_MS = 60_000 + MEGABYTES * 5_000
/** All streams send the same. */
const DATA = new Uint8Array(BYTES)

async function startNode(exceeded: (excess: Excess) => void): Promise<Libp2p> {
  const node = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: undefined,
    logTap: new LogTap(),
    trafficTap: new TrafficTap({ streamOpened: () => [] }),
    guard: new WireGuard({ clock: systemClock, dht: undefined, exceeded }),
    sharedPort: new SharedPort(),
  })
  await node.start()
  onTestFinished(() => node.stop())
  return node
}

/** What waits below the streams of a connection to be sent. */
function queued(connection: Connection): number {
  const { maConn, muxer } = insidesOfConnection(connection)
  const { maConn: secured = maConn } = muxer as typeof muxer & { maConn?: MessageStream }
  return maConn.writeBufferLength + (secured === maConn ? 0 : secured.writeBufferLength)
}

/** Sends all at once, without a look at who takes it, and resolves when as much has come back. */
function exchange(stream: Stream): Promise<void> {
  let missing = BYTES
  const all = new Promise<void>((resolve, reject) => {
    stream.addEventListener('message', ({ data }) => {
      missing -= data.byteLength
      if (missing === 0) resolve()
    })
    stream.addEventListener('close', () => reject(new Error(`closed, ${missing} bytes before its end`)))
  })
  stream.send(DATA)
  return all
}

it.each([
  ['noise over TCP', '/ip4/127.0.0.1/tcp/0', false],
  ['TLS over TCP', '/ip4/127.0.0.1/tcp/0', true],
  ['WebSocket', '/ip4/127.0.0.1/tcp/0/ws', false],
  ['QUIC', '/ip4/127.0.0.1/udp/0/quic-v1', false],
])(
  'passes over %s, and waits in its streams alone',
  async (_, listen, tlsOnly) => {
    const excesses: Excess[] = []
    const [one, other] = [
      await startNode(excess => excesses.push(excess)),
      await startNode(excess => excesses.push(excess)),
    ]
    if (tlsOnly) insidesOf(other).upgrader.getConnectionEncrypters().delete('/noise')
    await insidesOf(one).transportManager.listen([multiaddr(listen)])
    const answers: Promise<void>[] = []
    const handle = (stream: Stream) => void answers.push(exchange(stream))
    await one.handle(BULK, handle, { maxInboundStreams: STREAMS })
    const [address] = one.getMultiaddrs()
    const connection = await other.dial(multiaddr(String(address)))
    let most = 0
    const look = setInterval(() => (most = Math.max(most, queued(connection))))
    onTestFinished(() => clearInterval(look))
    const streams = await Promise.all(
      Array.from({ length: STREAMS }, () => connection.newStream(BULK, { maxOutboundStreams: STREAMS })),
    )
    await Promise.all(streams.map(exchange))
    await Promise.all(answers)
    expect(answers).toHaveLength(STREAMS)
    expect(excesses).toEqual([])
    expect(most).toBeLessThan(MOST_REPLIES / 2)
  },
  TIMEOUT_MS,
)
