import { RequestFailed } from '../core/failure.ts'
import type { Params, Result } from '../core/requests.ts'
import { safeText, say } from '../core/safe-text.ts'
import { parsePeerId } from './dial/target.ts'
import type { Parts } from './parts.ts'
import type { RequestContext } from './port/run-request.ts'

/**
 * Closes every connection to a peer, and sees that nothing opens one again by itself: keeping it, pinging it, dialing
 * it when it is heard, holding a reservation there.
 *
 * @throws {RequestFailed} at stage `target` when there is no such peer or no connection to it
 */
export async function hangUp(
  { libp2p, plans, pinger, autoDial, relays, bus }: Parts,
  { peerId }: Params<'hangUp'>,
  { requestId }: RequestContext,
): Promise<Result<'hangUp'>> {
  const id = parsePeerId(peerId)
  if (id === undefined) throw notConnected()
  const key = id.toString()
  const connections = libp2p.getConnections(id)
  const wasKept = await plans.letGo(safeText(key), say`You hung up`, requestId)
  const wasRelay = await relays.leave(key)
  if (connections.length === 0) {
    if (wasKept || wasRelay) return { closed: 0 }
    throw notConnected()
  }
  pinger.keepPinging(key, false, requestId)
  autoDial?.leave(key)
  bus.connections.closing(say`You hung up`, { peerId: key, requestId })
  await libp2p.hangUp(id)
  return { closed: connections.length }
}

function notConnected(): RequestFailed {
  return new RequestFailed({
    stage: 'target',
    cause: say`There is no connection to this peer`,
    hint: say`Only connected peers can be hung up on`,
  })
}
