import { streamPair } from '@libp2p/utils'
import { describe, expect, it } from 'vitest'
import { closeStream, isClosed, whenClosed } from '../../src/node/closing.ts'
import { ManualClock } from '../support/manual-clock.ts'

async function watched() {
  const [other, stream] = await streamPair()
  const ends: unknown[] = []
  const watch = (): void => whenClosed(stream, error => ends.push(error?.message))
  return { stream, other, ends, watch }
}

describe('the end of a stream', () => {
  it('is told once, with what it ended with', async () => {
    const { stream, ends, watch } = await watched()
    watch()
    expect(isClosed(stream)).toBe(false)
    expect(ends).toEqual([])
    stream.abort(new Error('changed my mind'))
    stream.abort(new Error('again'))
    expect(isClosed(stream)).toBe(true)
    expect(ends).toEqual(['changed my mind'])
  })

  it('is told to whoever comes too late', async () => {
    const { stream, ends, watch } = await watched()
    stream.abort(new Error('changed my mind'))
    watch()
    expect(ends).toEqual([undefined])
  })

  it('comes when the other side does not close its own in time', async () => {
    const { stream } = await watched()
    const clock = new ManualClock()
    closeStream(stream, { clock, withinMs: 1_000 })
    clock.advance(1_000)
    expect(stream.status).toBe('aborted')
    expect(clock.pending).toBe(0)
  })
})
