import type { Connection, IdentifyResult, Libp2p } from '@libp2p/interface'
import type { Clock } from '../../core/clock.ts'
import { seen } from '../errors/seen.ts'

/** When identify has not answered by then, a stream of our own asks, in ms. */
const ASK_AFTER_MS = 150
/** A connection that has neither answered nor closed by then counts as accepted, in ms. */
const GIVE_UP_AFTER_MS = 2_000

/** Spoken by nearly every peer; one that does not says so, which proves as much. */
const ASKED_PROTOCOL = '/ipfs/ping/1.0.0'

/** What waiting for the other side's acceptance works with. */
export interface Acceptance {
  libp2p: Pick<Libp2p, 'addEventListener' | 'removeEventListener'>
  clock: Clock
  /** Ends the waiting: the connection stands, as far as anyone can tell. */
  signal: AbortSignal
}

/**
 * Settles once the other side has shown that it takes this connection: a dial resolves when our half of the handshakes
 * is done, and a peer that refuses us only then cuts the connection a moment later. Proof is anything that needed a
 * round trip after that: identify, or an answer on a stream.
 *
 * @throws the reason of the close, when the connection closes first
 */
export async function accepted(connection: Connection, { libp2p, clock, signal }: Acceptance): Promise<void> {
  if (connection.status !== 'open') throw new Error('closed at once')
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const asking = new AbortController()
  const onClose = (event: { error?: Error }): void => reject(event.error ?? new Error('closed at once'))
  const onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
    if (detail.connection.id === connection.id) resolve()
  }
  const onAbort = (): void => resolve()
  connection.addEventListener('close', onClose)
  libp2p.addEventListener('peer:identify', onIdentify)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) resolve()
  const cancelAsk = clock.after(
    ASK_AFTER_MS,
    () => void answers(connection, asking.signal).then(yes => yes && resolve()),
  )
  const cancelGiveUp = clock.after(GIVE_UP_AFTER_MS, resolve)
  try {
    await promise
  } finally {
    cancelAsk()
    cancelGiveUp()
    asking.abort()
    connection.removeEventListener('close', onClose)
    libp2p.removeEventListener('peer:identify', onIdentify)
    signal.removeEventListener('abort', onAbort)
  }
}

/** True once the other side has answered on a stream, be it by declining the protocol; false: it is gone. */
async function answers(connection: Connection, signal: AbortSignal): Promise<boolean> {
  try {
    const stream = await connection.newStream(ASKED_PROTOCOL, { signal, runOnLimitedConnection: true })
    stream.close().catch(error => stream.abort(error))
    return true
  } catch (error) {
    return seen(error).name === 'UnsupportedProtocolError'
  }
}
