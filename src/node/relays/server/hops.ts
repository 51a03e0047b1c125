import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { peerIdFromMultihash } from '@libp2p/peer-id'
import * as Digest from 'multiformats/hashes/digest'
import { plural } from '../../../core/format.ts'
import { type SafeText, safeText, say } from '../../../core/safe-text.ts'
import { closeStream } from '../../closing.ts'
import type { RelayServerOptions } from '../../options.ts'
import type { RelayContext } from '../relay-context.ts'
import type { Circuits } from './circuits.ts'
import type { HostShares } from './host-shares.ts'
import type {
  HopAnswer,
  HopRequest,
  HopServer,
  ProtobufStream,
  StopRequest,
  WireLimit,
} from './server-parts.ts'

/** How long the holder of a reservation may take to say whether it takes a connection, in ms. */
const STOP_WITHIN_MS = 10_000
/** How long who has asked may take to close its side of the stream after the answer, in ms. */
const LINGER_MS = 10_000

/** What requests are answered with. */
export interface HopTools extends Pick<RelayContext, 'emit' | 'clock'> {
  options: RelayServerOptions
  circuits: Circuits
  shares: HostShares
}

/**
 * Has the server's answers to RESERVE and CONNECT carry our limits, tells of each, and hands every connection that is
 * relayed to the circuits. Each request is handled by an own view of the server, so that what belongs together is known.
 */
export function answerHops(server: HopServer, tools: HopTools): void {
  const handle = server.handleHopProtocol
  server.handleHopProtocol = async (hop, ...rest) => {
    const answering =
      hop.request.type === 'CONNECT' ? connecting(hop, server, tools) : reserving(hop, server, tools)
    const { stopHop = server.stopHop, reservations = server.reservationStore } = answering
    const view: HopServer = Object.create(server, {
      stopHop: { value: stopHop },
      reservationStore: { value: reservations },
    })
    try {
      await handle.call(view, { ...hop, stream: tapped(hop.stream, answering) }, ...rest)
    } finally {
      // libp2p leaves a stream open on which it has refused something.
      if (answering.over?.() !== 'relayed') {
        closeStream(hop.stream.unwrap(), { clock: tools.clock, withinMs: LINGER_MS })
      }
    }
  }
}

/** What becomes of one request. */
interface Answering {
  /** Called with the answer that the server gives; what it returns is sent. */
  answered(answer: HopAnswer): HopAnswer
  /** Called when the server takes the stream of the request to relay over it. */
  relaying?(stream: Stream): void
  /** Called when the server is done with the request; `relayed`: its stream is the circuit's from now on. */
  over?(): 'relayed' | undefined
  stopHop?: HopServer['stopHop']
  /** The reservations as this request shall see them. */
  reservations?: HopServer['reservationStore']
}

function reserving({ connection }: HopRequest, { reservationStore }: HopServer, tools: HopTools): Answering {
  const { options, emit, shares } = tools
  const peerId = safeText(connection.remotePeer.toString())
  const { reservations } = reservationStore
  const renewed = reservations.has(connection.remotePeer)
  const allowed = shares.allowsRequest(connection)
  let shared = true
  const reserve: HopServer['reservationStore']['reserve'] = (peer, from) => {
    const full = reservations.size >= options.reservations
    shared = allowed && (renewed || full || shares.allowsReservation(connection, reservations.values()))
    return shared ? reservationStore.reserve(peer, from) : { status: 'RESERVATION_REFUSED' }
  }
  return {
    reservations: Object.create(reservationStore, { reserve: { value: reserve } }),
    answered: answer => {
      const { status, reservation } = answer
      if (reservation === undefined) {
        // What exceeds a share of its host is told as that.
        if (shared) emit({ type: 'relay:refused', peerId, reason: refusal(status, options) })
        return answer
      }
      // Unless its holder has disconnected while the answer was made.
      if (reservationStore.reservations.has(connection.remotePeer)) {
        emit({
          type: 'relay:granted',
          peerId,
          expiresAt: Number(reservation.expire) * 1000,
          renewed,
          limitBytes: options.connectionBytes,
          limitMs: options.connectionMs,
        })
      }
      return { ...answer, limit: wireLimit(options) }
    },
  }
}

function connecting({ connection, request }: HopRequest, server: HopServer, tools: HopTools): Answering {
  const { options, circuits, emit, shares } = tools
  const allowed = shares.allowsRequest(connection)
  const from = connection.remotePeer
  const to = namedPeer(request.peer?.id)
  let toHolder: Stream | undefined
  let full = !allowed
  /** False: its host has what it may have, which is told as that. */
  let shared = allowed
  let giveBack: (() => void) | undefined
  let relayed = false
  const { reservationStore } = server
  return {
    reservations: Object.create(reservationStore, {
      get: { value: (peer: PeerId) => (allowed ? reservationStore.get(peer) : undefined) },
    }),
    stopHop: async ({ request: stop, ...rest }) => {
      const place = to && circuits.take(connection, to)
      full = typeof place !== 'function'
      shared = place !== 'host'
      if (place === 'host' && to !== undefined) shares.tellCircuits(connection, to)
      giveBack = typeof place === 'function' ? place : undefined
      if (full) return undefined
      const asked = { ...rest, request: { ...stop, limit: wireLimit(options) } }
      // libp2p would tell who dials that its request makes no sense.
      toHolder = await askHolder(server, asked, tools).catch(() => undefined)
      return toHolder
    },
    answered: answer => {
      if (answer.status === 'OK') return { ...answer, limit: wireLimit(options) }
      const status = full ? 'RESOURCE_LIMIT_EXCEEDED' : answer.status
      if (shared)
        emit({
          type: 'circuit:refused',
          peerId: safeText(from.toString()),
          ...(to === undefined ? {} : { toPeerId: safeText(to.toString()) }),
          reason: refusal(status, options),
        })
      return { ...answer, ...(status === undefined ? {} : { status }) }
    },
    relaying: stream => {
      if (to === undefined || toHolder === undefined || giveBack === undefined) return
      circuits.open({ from, to, dialer: stream, holder: toHolder, giveBack })
      giveBack = undefined
      relayed = true
    },
    over: () => {
      giveBack?.()
      return relayed ? 'relayed' : undefined
    },
  }
}

/**
 * Asks the holder of a reservation whether it takes a connection. One that does not answer in time is not waited for, and
 * no stream to it is left open: libp2p waits as long as who dials does, and leaves the stream.
 */
async function askHolder(
  server: HopServer,
  { connection, request }: StopRequest,
  { clock }: HopTools,
): Promise<Stream | undefined> {
  const deadline = new AbortController()
  const cancel = clock.after(STOP_WITHIN_MS, () => deadline.abort(new Error('The target did not answer')))
  let stream: Stream | undefined
  let taken: Stream | undefined
  const newStream: Connection['newStream'] = async (...args) => {
    stream = await connection.newStream(...args)
    return stream
  }
  const observed: Connection = Object.create(connection, { newStream: { value: newStream } })
  try {
    taken = await server.stopHop({ connection: observed, request }, { signal: deadline.signal })
    return taken
  } finally {
    cancel()
    if (taken === undefined) stream?.abort(new Error('The target did not accept the connection'))
  }
}

/** The stream, such that its answers go through `answering`. */
function tapped(stream: ProtobufStream, { answered, relaying }: Answering): ProtobufStream {
  return {
    ...stream,
    pb: codec => {
      const messages = stream.pb(codec)
      return { ...messages, write: (answer, ...rest) => messages.write(answered(answer), ...rest) }
    },
    unwrap: () => {
      const raw = stream.unwrap()
      relaying?.(raw)
      return raw
    },
  }
}

function wireLimit({ connectionBytes, connectionMs }: RelayServerOptions): WireLimit {
  return { duration: Math.ceil(connectionMs / 1000), data: BigInt(connectionBytes) }
}

function namedPeer(id: Uint8Array | undefined): PeerId | undefined {
  try {
    return id === undefined ? undefined : peerIdFromMultihash(Digest.decode(id))
  } catch {
    return undefined
  }
}

function refusal(status: string | undefined, { reservations, circuits }: RelayServerOptions): SafeText {
  switch (status) {
    case 'RESERVATION_REFUSED':
      return say`no reservation is free (${reservations} of ${reservations} in use)`
    case 'RESOURCE_LIMIT_EXCEEDED':
      return say`one of the two already has ${plural(circuits, say`relayed connection`, say`relayed connections`)}, the most allowed`
    case 'PERMISSION_DENIED':
      return say`its request came through a relay`
    case 'NO_RESERVATION':
      return say`the target has no reservation here`
    case 'CONNECTION_FAILED':
      return say`the target did not accept the connection`
    default:
      return say`the request is invalid`
  }
}
