import type { Stream } from '@libp2p/interface'
import type { Clock } from '../core/clock.ts'

/**
 * Closes our side of a stream, and the whole of it if the other side has not closed its own after `withinMs`: half a
 * stream takes as much room as a whole one. Never rejects.
 */
export function closeStream(stream: Stream, { clock, withinMs }: { clock: Clock; withinMs: number }): void {
  const isOver = (): boolean => stream.status !== 'open' && stream.status !== 'closing'
  if (isOver()) return
  const abort = (): void => stream.abort(new Error('It was not closed in time'))
  stream.addEventListener('close', clock.after(withinMs, abort), { once: true })
  stream.close().catch(() => undefined)
}
