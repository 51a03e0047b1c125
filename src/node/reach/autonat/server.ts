import { AsyncLocalStorage } from 'node:async_hooks'
import type { Connection, Stream } from '@libp2p/interface'
import { type SafeText, safeAddress, safeText } from '../../../core/safe-text.ts'
import type { ReachContext } from '../reach.ts'
import { type AutonatServer, DIAL_REQUEST } from './parts.ts'

/** So many requests are answered within a minute, of all peers and of one. */
const MOST = 60
const MOST_OF_ONE = 12
const MINUTE_MS = 60_000
/** So many addresses are dialed for one request; the specification wants one, libp2p for JavaScript asks for all. */
const MOST_DIALS = 8

/** Who asked, and how often was dialed for it. */
interface Request {
  peerId: SafeText
  dials: number
}

/**
 * Dials back those who ask whether they can be reached, and tells of it. libp2p's server has no limits and no events,
 * so its two entrances are watched.
 *
 * @returns what ends it
 */
export async function answerOthers(
  { libp2p, clock, emit }: ReachContext,
  server: AutonatServer,
): Promise<() => Promise<void>> {
  const requests = new AsyncLocalStorage<Request>()
  let recent: { peerId: SafeText; at: number }[] = []

  const dialBack = server.dialClientBack.bind(server)
  server.dialClientBack = async (address, nonce, options) => {
    const request = requests.getStore()
    if (request === undefined || ++request.dials > MOST_DIALS)
      throw new Error('Too many addresses in one request')
    const status = await dialBack(address, nonce, options)
    const { peerId } = request
    emit({ type: 'autonat:answered', peerId, address: safeAddress(address), reachable: status === 'OK' })
    return status
  }

  const handle = async (stream: Stream, connection: Connection): Promise<void> => {
    const at = clock.monotonic()
    const peerId = safeText(connection.remotePeer.toString())
    recent = recent.filter(request => request.at > at - MINUTE_MS)
    const ofThis = recent.filter(request => request.peerId === peerId).length
    if (recent.length >= MOST || ofThis >= MOST_OF_ONE) {
      stream.abort(new Error('Too many requests'))
      return
    }
    recent.push({ peerId, at })
    await requests.run({ peerId, dials: 0 }, () => server.handleDialRequestStream(stream, connection))
  }
  await libp2p.handle(DIAL_REQUEST, handle, { maxInboundStreams: 2 })
  return () => libp2p.unhandle(DIAL_REQUEST)
}
