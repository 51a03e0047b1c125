import type { NodeEvent } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { ByteCount } from '../taps/traffic-tap.ts'
import { Gauge } from './gauge.ts'

/** So many streams are in one sample at the most: a crowd of them must not crowd out all other events. */
export const MOST_STREAMS_TOLD = 256

/** Bytes by open stream. */
export class StreamMeter {
  /** Those that were told of longest ago come first. */
  readonly #open = new Map<SafeText, { connectionId: SafeText; gauge: Gauge }>()

  /** The count of a new stream, to add to. */
  opened(streamId: SafeText, connectionId: SafeText): ByteCount {
    const count = { bytesIn: 0, bytesOut: 0 }
    this.#open.set(streamId, { connectionId, gauge: new Gauge(count) })
    return count
  }

  /** A stream has ended: no sample tells of it any more. */
  closed(streamId: SafeText): void {
    this.#open.delete(streamId)
  }

  /** Those whose figures changed, {@link MOST_STREAMS_TOLD} at the most; the others' turn comes in the next samples. */
  sample(periodMs: number): NodeEvent<'traffic:sampled'>['streams'] {
    const told: NodeEvent<'traffic:sampled'>['streams'] = []
    for (const [streamId, { connectionId, gauge }] of this.#open) {
      gauge.measure(periodMs)
      const figures = told.length < MOST_STREAMS_TOLD ? gauge.tell() : undefined
      if (figures !== undefined) told.push({ streamId, connectionId, ...figures })
    }
    for (const { streamId } of told) this.#moveToEnd(streamId)
    return told
  }

  #moveToEnd(streamId: SafeText): void {
    const stream = this.#open.get(streamId)
    if (stream === undefined) return
    this.#open.delete(streamId)
    this.#open.set(streamId, stream)
  }
}
