/** The ends of streams and connections. */
import type { Stream, StreamCloseEvent } from '@libp2p/interface'
import type { Clock } from '../core/clock.ts'

/** A stream, a connection, or the raw connection below it. */
interface Closable {
  readonly status: string
  addEventListener(type: 'close', listener: (event: Event) => void, options: { once: true }): void
}

/** Whether something has closed, in whatever way. */
export function isClosed({ status }: Pick<Closable, 'status'>): boolean {
  return status !== 'open' && status !== 'closing'
}

/**
 * Calls back once when something closes; now, if it has closed before: its event does not come again, and whatever waits
 * for that would wait for ever. What libp2p hands over may have closed on the way.
 *
 * @param closed gets what it closed with, if that is known
 */
export function whenClosed(closable: Closable, closed: (error?: Error) => void): void {
  if (isClosed(closable)) closed()
  else closable.addEventListener('close', event => closed((event as StreamCloseEvent).error), { once: true })
}

/**
 * Closes our side of a stream, and the whole of it if the other side has not closed its own after `withinMs`: half a
 * stream takes as much room as a whole one. Never rejects.
 */
export function closeStream(stream: Stream, { clock, withinMs }: { clock: Clock; withinMs: number }): void {
  if (isClosed(stream)) return
  const abort = (): void => stream.abort(new Error('It was not closed in time'))
  whenClosed(stream, clock.after(withinMs, abort))
  stream.close().catch(() => undefined)
}
