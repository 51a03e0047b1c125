import type { Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import { dataBeforeEnd } from '../../../src/node/transport/data-before-end.ts'
import { turns } from '../../support/peers/until.ts'

/** As much of libp2p's streams as is told of an end. */
class ToldStream {
  status = 'open'
  readonly told: string[] = []
  onRemoteCloseWrite(): void {
    this.told.push('end')
  }
  onRemoteReset(): void {
    this.told.push('reset')
  }
}

class OneMuxer {
  readonly accepted: Stream[] = []
  async createStream(): Promise<Stream> {
    return new ToldStream() as unknown as Stream
  }
  onRemoteStream(stream: Stream): void {
    this.accepted.push(stream)
  }
}

/** A stream that we open, and one that the other side opens. */
async function bothStreams() {
  const make = () =>
    ({
      protocol: '/yamux/1.0.0',
      createStreamMuxer: () => new OneMuxer() as unknown as StreamMuxer,
    }) as StreamMuxerFactory
  const factory = dataBeforeEnd(make)({} as never)
  const muxer = factory.createStreamMuxer({} as never) as unknown as OneMuxer
  const theirs = new ToldStream()
  muxer.onRemoteStream(theirs as unknown as Stream)
  expect(muxer.accepted).toEqual([theirs])
  return { protocol: factory.protocol, ours: (await muxer.createStream()) as unknown as ToldStream, theirs }
}

describe('the end of a stream', () => {
  it.each(['ours', 'theirs'] as const)('waits until what came before it is read: %s', async which => {
    const { [which]: stream } = await bothStreams()
    stream.onRemoteCloseWrite()
    stream.onRemoteReset()
    // Who reads goes on in microtasks.
    await Promise.resolve()
    expect(stream.told).toEqual([])
    await turns(2)
    expect(stream.told).toEqual(['end', 'reset'])
  })

  it('is not told to a stream that has come to another end meanwhile', async () => {
    const { ours } = await bothStreams()
    ours.onRemoteReset()
    ours.status = 'aborted'
    await turns(2)
    expect(ours.told).toEqual([])
  })

  it('leaves the name of the muxer as it is', async () => {
    expect((await bothStreams()).protocol).toBe('/yamux/1.0.0')
  })
})
