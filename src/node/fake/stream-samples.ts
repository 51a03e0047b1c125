import type { NodeEvent, Traffic } from '../../core/events.ts'
import type { FakeConnection, FakeStream } from './network.ts'

type Samples = NodeEvent<'traffic:sampled'>['streams']

/** Tells of the streams whose figures differ from what was told of them before. */
export class StreamSamples {
  readonly #told = new WeakMap<FakeStream, Traffic>()

  /** Those of some connections. `flowing`: what passed over a stream since the last sample, bytes a second. */
  take(
    connections: Iterable<FakeConnection>,
    flowing: ReadonlyMap<FakeStream, Pick<Traffic, 'rateIn' | 'rateOut'>>,
  ): Samples {
    return [...connections].flatMap(({ connectionId, streams }) =>
      [...streams.values()].flatMap(stream => {
        const { streamId, bytesIn, bytesOut } = stream
        const { rateIn, rateOut } = flowing.get(stream) ?? { rateIn: 0, rateOut: 0 }
        const told = this.#told.get(stream)
        const same =
          told?.bytesIn === bytesIn &&
          told.bytesOut === bytesOut &&
          rateIn + rateOut === told.rateIn + told.rateOut
        if (same) return []
        const traffic = { bytesIn, bytesOut, rateIn, rateOut }
        this.#told.set(stream, traffic)
        return [{ streamId, connectionId, ...traffic }]
      }),
    )
  }
}
