import { RequestFailed } from '../core/failure.ts'
import type { Params, Result } from '../core/requests.ts'
import { safeText, say } from '../core/safe-text.ts'
import { idsOf } from './bus/bus-context.ts'
import type { Parts } from './parts.ts'
import type { RequestContext } from './port/run-request.ts'

/**
 * Closes one connection, politely while there is time and by cutting it off after that. What else holds the peer stays:
 * its other connections, and that it is kept.
 *
 * @throws {RequestFailed} at stage `target` when there is no such connection
 */
export async function closeConnection(
  { libp2p, bus }: Pick<Parts, 'libp2p' | 'bus'>,
  { connectionId }: Params<'closeConnection'>,
  { requestId, signal }: RequestContext,
): Promise<Result<'closeConnection'>> {
  const connection = libp2p.getConnections().find(({ id }) => safeText(id) === connectionId)
  if (connection === undefined) throw noSuchConnection()
  bus.connections.closing(say`You closed it`, { connectionId, requestId })
  try {
    await connection.close({ signal })
  } catch (error) {
    connection.abort(error instanceof Error ? error : new Error('It did not close in time'))
  }
  return { ...idsOf(connection), others: libp2p.getConnections(connection.remotePeer).length }
}

/** Nobody has a connection of this id. */
export function noSuchConnection(): RequestFailed {
  return new RequestFailed({
    stage: 'target',
    cause: say`There is no such connection`,
    hint: say`Tab after close offers those that are open; connections --json has their ids`,
  })
}
