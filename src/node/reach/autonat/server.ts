import { randomInt } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { safeAddress, safeText, say } from '../../../core/safe-text.ts'
import { insidesOf } from '../../insides.ts'
import { hostOf, shareOf } from '../../limits/host.ts'
import { isPublicIp, publicPlace } from '../public-host.ts'
import type { ReachContext } from '../reach.ts'
import {
  DIAL,
  dialBack,
  dialDataRequest,
  dialResponse,
  MAX_MESSAGE_BYTES,
  RESPONSE,
  readDialData,
  readDialRequest,
} from './messages.ts'
import { DIAL_BACK, DIAL_REQUEST } from './parts.ts'

/** So many requests are answered within a minute, of all and of one host; go-libp2p does the same. */
const MOST = 60
const MOST_OF_ONE = 12
const MINUTE_MS = 60_000
/** So many requests are under way at once, of all and of one host. */
const MOST_AT_ONCE = 8
const MOST_OF_ONE_AT_ONCE = 2
/** A request may take so long from its first byte to its answer, in ms, and the dial for it so long. */
const REQUEST_MS = 30_000
const DIAL_MS = 10_000
/** So many addresses of one request are looked at. */
const MOST_ADDRESSES = 50
/** So much has to be sent before an address of another host is dialed: as much as would come of that dial (specification). */
const DATA_BYTES = { min: 30_000, max: 100_000 }

/**
 * Dials back those who ask whether they can be reached, and tells of it.
 *
 * Own instead of libp2p's server, which dials each address of a request and looks up the names in them: one is dialed,
 * the first that can be, of the host that asks or after it has sent as much as the dial costs, and nobody but the asker
 * is taken there.
 *
 * @see https://github.com/libp2p/specs/blob/master/autonat/autonat-v2.md
 */
export class AutonatServer {
  readonly #context: ReachContext
  /** The requests of the last minute. */
  #recent: { host: string; at: number }[] = []
  /** The hosts of requests under way. */
  readonly #running: string[] = []

  constructor(context: ReachContext) {
    this.#context = context
  }

  async start(): Promise<void> {
    const handle = (stream: Stream, connection: Connection): Promise<void> => this.#handle(stream, connection)
    await this.#context.libp2p.handle(DIAL_REQUEST, handle, { maxInboundStreams: 2 })
  }

  async stop(): Promise<void> {
    await this.#context.libp2p.unhandle(DIAL_REQUEST)
  }

  async #handle(stream: Stream, connection: Connection): Promise<void> {
    const signal = AbortSignal.timeout(REQUEST_MS)
    // Read from before anything else: bytes that nobody reads may get lost.
    const messages = lpStream(stream, { maxDataLength: MAX_MESSAGE_BYTES })
    const answer = async (message: Uint8Array): Promise<void> => {
      await messages.write(message, { signal })
      await stream.close({ signal })
    }
    try {
      const asker = shareOf(connection.remoteAddr)
      if (!this.#allows(asker, connection)) return await answer(dialResponse(RESPONSE.rejected))
      this.#running.push(asker)
      try {
        await answer(await this.#answer(messages, connection, signal))
      } finally {
        this.#running.splice(this.#running.indexOf(asker), 1)
      }
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error('The request failed'))
    }
  }

  /** Whether one more request of this host is answered now; that it is not is told. */
  #allows(asker: string, { remotePeer, remoteAddr }: Connection): boolean {
    const at = this.#context.clock.monotonic()
    this.#recent = this.#recent.filter(request => request.at > at - MINUTE_MS)
    const ofThis = this.#recent.filter(({ host }) => host === asker).length
    const runningOfThis = this.#running.filter(host => host === asker).length
    const free = this.#running.length < MOST_AT_ONCE && runningOfThis < MOST_OF_ONE_AT_ONCE
    if (free && this.#recent.length < MOST && ofThis < MOST_OF_ONE) {
      this.#recent.push({ host: asker, at })
      return true
    }
    const host = hostOf(remoteAddr)
    this.#context.exceeded({
      limit: 'dialBacks',
      action: 'refused',
      peerId: safeText(remotePeer.toString()),
      ...(host !== undefined && { host: safeText(host) }),
      reason: say`it asked to be dialed back too often: ${MOST_OF_ONE} times a minute at the most, and ${MOST} for all`,
    })
    return false
  }

  /** Dials what a request asks for. @returns the answer */
  async #answer(messages: Messages, connection: Connection, signal: AbortSignal): Promise<Uint8Array> {
    const { remotePeer, remoteAddr } = connection
    const { addresses, nonce } = readDialRequest((await messages.read({ signal })).subarray())
    const index = addresses.slice(0, MOST_ADDRESSES).findIndex(bytes => this.#dialable(bytes, remotePeer))
    const address = readable(addresses[index])
    if (address === undefined) return dialResponse(RESPONSE.dialRefused)
    if (publicPlace(address.toString())?.host !== publicPlace(remoteAddr.toString())?.host) {
      await takeData(messages, index, signal)
    }
    const status = await this.#dial(address, remotePeer, nonce)
    this.#context.emit({
      type: 'autonat:answered',
      peerId: safeText(remotePeer.toString()),
      address: safeAddress(address),
      reachable: status === DIAL.ok,
    })
    return dialResponse(RESPONSE.ok, index, status)
  }

  /** Public IP addresses alone: names would have us ask public servers, and who is dialed is the asker. */
  #dialable(bytes: Uint8Array, asker: PeerId): boolean {
    const address = readable(bytes)
    if (address === undefined) return false
    const place = publicPlace(address.toString())
    const peer = address.getComponents().findLast(({ name }) => name === 'p2p')?.value
    if (place === undefined || (peer !== undefined && peer !== asker.toString())) return false
    if (place.family === 'ip6' && !hasPublicIp6()) return false
    return insidesOf(this.#context.libp2p).transportManager.dialTransportForMultiaddr(address) !== undefined
  }

  async #dial(
    address: Multiaddr,
    asker: PeerId,
    nonce: Uint8Array,
  ): Promise<(typeof DIAL)['ok' | 'dialError' | 'dialBackError']> {
    const signal = AbortSignal.timeout(DIAL_MS)
    const { connectionManager } = insidesOf(this.#context.libp2p)
    const named = withPeer(address, asker)
    let connection: Connection
    try {
      connection = await connectionManager.openConnection(named, { force: true, signal })
    } catch {
      return DIAL.dialError
    }
    // libp2p may have joined this dial with another one to the same peer.
    if (!connection.remoteAddr.equals(named)) return DIAL.dialError
    try {
      const stream = await connection.newStream(DIAL_BACK, { signal })
      const messages = lpStream(stream, { maxDataLength: MAX_MESSAGE_BYTES })
      await messages.write(dialBack(nonce), { signal })
      await messages.read({ signal })
      await connection.close({ signal })
      return DIAL.ok
    } catch (error) {
      connection.abort(error instanceof Error ? error : new Error('The dial back failed'))
      return DIAL.dialBackError
    }
  }
}

type Messages = ReturnType<typeof lpStream<Stream>>

/** Has the other side send as many bytes as a dial may cause: nobody makes us send more than they did. */
async function takeData(messages: Messages, index: number, signal: AbortSignal): Promise<void> {
  const wanted = randomInt(DATA_BYTES.min, DATA_BYTES.max)
  await messages.write(dialDataRequest(index, wanted), { signal })
  for (let got = 0; got < wanted; ) {
    const bytes = readDialData((await messages.read({ signal })).subarray())
    if (bytes === 0) throw new Error('It sent no data')
    got += bytes
  }
}

function readable(bytes: Uint8Array | undefined): Multiaddr | undefined {
  try {
    return bytes && multiaddr(bytes)
  } catch {
    return undefined
  }
}

function withPeer(address: Multiaddr, peer: PeerId): Multiaddr {
  return multiaddr(`${address.toString().replace(/\/p2p\/[^/]+$/, '')}/p2p/${peer}`)
}

function hasPublicIp6(): boolean {
  return Object.values(networkInterfaces()).some(addresses =>
    addresses?.some(({ family, address }) => family === 'IPv6' && isPublicIp(address)),
  )
}
