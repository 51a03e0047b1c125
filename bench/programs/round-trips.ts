/**
 * Three ways to measure a round trip to the same process, turn by turn in the same thread: the node's own ping, a bare
 * loop over one libp2p ping stream, and an echo over plain TCP.
 *
 * `round-trips.ts <multiaddr> <echo port> <count>` writes one line of JSON, {@link RoundTrips}, and ends.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { PING_PROTOCOL } from '@libp2p/ping'
import { multiaddr } from '@multiformats/multiaddr'
import { systemClock } from '../../src/core/clock.ts'
import { startLibp2pPort } from '../../src/node/libp2p-port.ts'
import { DEFAULT_NODE_OPTIONS } from '../../src/node/options.ts'
import { startPeer } from '../../test/support/peers/peer.ts'

/** Each round trip in ms. */
export interface RoundTrips {
  node: number[]
  stream: number[]
  tcp: number[]
}

const PAYLOAD_BYTES = 32
/** Rounds before those that count: the first ones are compiled meanwhile. */
const WARM_UP = 1000

/** What comes back, counted until it is as much as was sent. */
class Answers {
  #missing = 0
  #done = (): void => {}

  /** How long it takes from a call of `send` until everything is back, in ms. */
  to(send: (payload: Uint8Array) => void): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>()
    const payload = new Uint8Array(randomBytes(PAYLOAD_BYTES))
    this.#missing = PAYLOAD_BYTES
    const sentAt = performance.now()
    this.#done = () => resolve(performance.now() - sentAt)
    send(payload)
    return promise
  }

  received(bytes: number): void {
    this.#missing -= bytes
    if (this.#missing === 0) this.#done()
  }
}

const [address = '', echoPort, count] = process.argv.slice(2)
const ways = [await nodePing(address), await bareStream(address), await tcpEcho(Number(echoPort))] as const
const rtts: [number[], number[], number[]] = [[], [], []]
for (let round = 0; round < Number(count) + WARM_UP; round += 1) {
  for (let turn = 0; turn < ways.length; turn += 1) {
    // Whoever comes after whom changes from round to round.
    const way = (round + turn) % ways.length
    const rttMs = (await ways[way]?.()) ?? Number.NaN
    if (round >= WARM_UP) rtts[way]?.push(rttMs)
  }
}
const [node, stream, tcp] = rtts
process.stdout.write(`${JSON.stringify({ node, stream, tcp } satisfies RoundTrips)}\n`, () => process.exit(0))

type RoundTrip = () => Promise<number>

async function nodePing(target: string): Promise<RoundTrip> {
  const port = startLibp2pPort(
    { ...DEFAULT_NODE_OPTIONS, listen: [], ephemeral: true, mdns: false, pingIntervalMs: 0 },
    systemClock,
  )
  const { peerId } = await port.request('dial', { target })
  return async () => (await port.request('ping', { peerId })).rttMs
}

async function bareStream(target: string): Promise<RoundTrip> {
  const peer = await startPeer({ listen: [] })
  const stream = await peer.dialProtocol(multiaddr(target), PING_PROTOCOL)
  const answers = new Answers()
  stream.addEventListener('message', ({ data }) => answers.received(data.byteLength))
  return () => answers.to(payload => void stream.send(payload))
}

async function tcpEcho(port: number): Promise<RoundTrip> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true)
  await once(socket, 'connect')
  const answers = new Answers()
  socket.on('data', data => answers.received(data.byteLength))
  return () => answers.to(payload => void socket.write(payload))
}
