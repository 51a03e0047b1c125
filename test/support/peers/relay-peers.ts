/** Relays and holders of reservations that are not ours: libp2p's own packages. */
import { type CircuitRelayService, circuitRelayServer, circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import type { ConnectionGater, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { onTestFinished } from 'vitest'
import { startPeer, stopPeers } from './peer.ts'
import { field, varint } from './protobuf.ts'

/** A HopMessage of type RESERVE, after its length. */
const RESERVE = Uint8Array.of(2, 0x08, 0x00)

/** libp2p's relay; stopped after the test. */
export async function startStockRelay(
  limits: { duration?: number; data?: bigint } = {},
  options: { agentVersion?: string; gater?: ConnectionGater } = {},
): Promise<Libp2p<{ relay: CircuitRelayService }>> {
  const relay = circuitRelayServer({
    reservations: {
      ...(limits.duration === undefined ? {} : { defaultDurationLimit: limits.duration }),
      ...(limits.data === undefined ? {} : { defaultDataLimit: limits.data }),
    },
  })
  const peer = await startPeer({ ...options, services: { relay } })
  onTestFinished(() => stopPeers([peer]))
  return peer as never
}

/**
 * A peer that grants reservations to all who ask, and says of them what the test wants; stopped after the test.
 *
 * @returns the peer, and how often it was asked
 */
export async function startLooseRelay(says: {
  /** When the reservation ends, in seconds since the epoch. */
  expire: number
  addresses?: readonly string[]
}): Promise<{ peer: Libp2p; asked: () => number }> {
  const peer = await startPeer()
  onTestFinished(() => stopPeers([peer]))
  let asked = 0
  const addresses = (says.addresses ?? []).map(address => field(2, multiaddr(address).bytes))
  const reservation = Buffer.concat([Uint8Array.of(0x08), bigVarint(says.expire), ...addresses])
  // STATUS, the reservation, OK: fields 1, 3 and 5 of HopMessage.
  const answer = Buffer.concat([Uint8Array.of(0x08, 2), field(3, reservation), Uint8Array.of(0x28, 100)])
  await peer.handle('/libp2p/circuit/relay/0.2.0/hop', async stream => {
    asked += 1
    stream.send(Buffer.concat([varint(answer.length), answer]))
    // Whoever does not want to hear it all is no concern of ours.
    await stream.close().catch(() => {})
  })
  return { peer, asked: () => asked }
}

/** {@link varint} of a number that has more than 32 bits. */
function bigVarint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt(value)
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Uint8Array.from([...bytes, Number(rest)])
}

/** libp2p's relay client; stopped after the test. */
export async function startStockClient(): Promise<Libp2p> {
  const peer = await startPeer({ listen: [], transports: [circuitRelayTransport()] })
  onTestFinished(() => stopPeers([peer]))
  return peer
}

/** Asks a relay for a reservation, and does nothing more about it: neither renews it nor takes connections. */
export async function reserveOnce(peer: Libp2p, relay: string): Promise<void> {
  const stream = await peer.dialProtocol(multiaddr(relay), '/libp2p/circuit/relay/0.2.0/hop')
  const answered = new Promise(resolve => stream.addEventListener('message', resolve, { once: true }))
  stream.send(RESERVE)
  await answered
}

const HOP = '/libp2p/circuit/relay/0.2.0/hop'
const STOP = '/libp2p/circuit/relay/0.2.0/stop'
/** StopMessage of type STATUS: OK. */
const TAKEN = Uint8Array.of(4, 0x08, 1, 0x20, 100)

/** A HopMessage of type CONNECT, after its length. */
function connectTo(peerId: PeerId): Uint8Array {
  const message = Buffer.concat([Uint8Array.of(0x08, 1), field(2, field(1, peerId.toMultihash().bytes))])
  return Buffer.concat([varint(message.length), message])
}

/** What a request to a relay came to, as its peer sees it. */
export interface Asked {
  stream: Stream
  /** The status of the answer; undefined: the stream ended without one. */
  status: Promise<number | undefined>
}

/** Sends a relay a request, as bytes after their length: RESERVE unless told otherwise. */
export async function askRelay(peer: Libp2p, relay: string, request: Uint8Array = RESERVE): Promise<Asked> {
  const stream = await peer.dialProtocol(multiaddr(relay), HOP)
  const status = new Promise<number | undefined>(resolve => {
    stream.addEventListener('message', ({ data }) => resolve(statusOf(data.subarray())), { once: true })
    stream.addEventListener('close', () => resolve(undefined), { once: true })
    // It may be refused before it is asked.
    if (stream.status !== 'open') resolve(undefined)
  })
  if (stream.status === 'open') stream.send(request)
  return { stream, status }
}

/** Asks a relay for a connection to a peer. */
export function askForPeer(peer: Libp2p, relay: string, to: PeerId): Promise<Asked> {
  return askRelay(peer, relay, connectTo(to))
}

/** Has a peer do with each connection that a relay brings what the test wants: nothing, by default. */
export async function holdStops(
  peer: Libp2p,
  onStop: (stream: Stream) => void = () => {},
): Promise<Stream[]> {
  const stops: Stream[] = []
  await peer.handle(STOP, stream => {
    stops.push(stream)
    onStop(stream)
  })
  return stops
}

/** Takes a connection that a relay brings, and reads nothing that comes through it until `stream.resume()`. */
export function takeUnread(stream: Stream): void {
  const take = (): void => {
    stream.pause()
    stream.send(TAKEN)
  }
  stream.addEventListener('message', take, { once: true })
}

/** Field 5 of a HopMessage, which is its last. */
function statusOf(answer: Uint8Array): number | undefined {
  const at = answer.lastIndexOf(0x28)
  const [low, high = 0] = answer.subarray(at + 1)
  return at < 0 || low === undefined ? undefined : (low & 0x7f) + (low & 0x80 ? high * 128 : 0)
}
