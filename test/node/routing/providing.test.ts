import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { RequestFailed } from '../../../src/core/failure.ts'
import { MOST_PROVIDED } from '../../../src/node/routing/limits.ts'
import {
  Providing,
  type ProvidingParts,
  REPROVIDE_MS,
  RETRY_MS,
} from '../../../src/node/routing/providing.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { turns } from '../../support/peers/until.ts'

/** What a node provides, with a profile that knows of some CIDs and a DHT that answers as told. */
function world(known: readonly string[] = [], change: Partial<ProvidingParts> = {}) {
  const clock = new ManualClock()
  const events: NewEvent<'providing:updated' | 'providing:stopped' | 'warning:raised'>[] = []
  const kept = new Map(known.map(cid => [cid, 1]))
  const said: string[] = []
  const dht = { peers: 20 as number | Error }
  const providing = new Providing({
    clock,
    emit: event => events.push(event as (typeof events)[number]),
    notes: {
      load: async () => new Map(kept),
      put: async (cid, since) => void kept.set(cid, since),
      delete: async cid => void kept.delete(cid),
    },
    announce: async cid => {
      said.push(cid)
      if (dht.peers instanceof Error) throw dht.peers
      return dht.peers
    },
    ...change,
  })
  const pass = async (ms: number) => {
    clock.advance(ms)
    await turns(5)
  }
  return { providing, clock, events, kept, said, dht, pass }
}

describe('what is provided', () => {
  it('is said again before others forget it', async () => {
    const { providing, clock, events, kept, said, pass } = world()
    const at = clock.now()
    await providing.provided('bafya', 19)
    expect(events).toEqual([
      {
        type: 'providing:updated',
        cid: 'bafya',
        since: at,
        announcedAt: at,
        peers: 19,
        nextAt: at + REPROVIDE_MS,
      },
    ])
    expect([...kept]).toEqual([['bafya', at]])
    await pass(REPROVIDE_MS - 1)
    expect(said).toEqual([])
    await pass(1)
    expect(said).toEqual(['bafya'])
    expect(events.at(-1)).toMatchObject({ since: at, announcedAt: at + REPROVIDE_MS, peers: 20 })
    await pass(REPROVIDE_MS)
    expect(said).toEqual(['bafya', 'bafya'])
  })

  it('in an earlier run is told at the start, and said as soon as there is somebody to tell', async () => {
    const { providing, events, said } = world(['bafya', 'bafyb'])
    await providing.begin()
    expect(events).toEqual(['bafya', 'bafyb'].map(cid => ({ type: 'providing:updated', cid, since: 1 })))
    expect(said).toEqual([])
    providing.peersCame()
    providing.peersCame()
    await turns(5)
    expect(said).toEqual(['bafya', 'bafyb'])
    expect(events.at(-1)).toMatchObject({ cid: 'bafyb', peers: 20 })
  })

  it.each([
    ['nobody takes it', 0, 'No peer of the DHT took it'],
    ['the DHT fails', new RequestFailed({ stage: 'exchange', cause: 'Broken', hint: '' } as never), 'Broken'],
  ])('is tried again when %s', async (_, peers, cause) => {
    const { providing, clock, events, dht, said, pass } = world(['bafya'])
    dht.peers = peers
    await providing.begin()
    providing.peersCame()
    await turns(5)
    expect(events.at(-1)).toMatchObject({ cause, nextAt: clock.now() + RETRY_MS })
    dht.peers = 3
    await pass(RETRY_MS)
    expect(said).toEqual(['bafya', 'bafya'])
    expect(events.at(-1)).toMatchObject({ peers: 3 })
    expect(events.at(-1)).not.toHaveProperty('cause')
  })

  it('is given up on while it is being said for too long', async () => {
    const never = (_: string, signal: AbortSignal) =>
      new Promise<number>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    const { providing, events, pass } = world(['bafya'], { announce: never })
    await providing.begin()
    providing.peersCame()
    await pass(60_000)
    expect(events.at(-1)).toHaveProperty('cause')
  })

  it('is said no more once it is withdrawn', async () => {
    const { providing, events, kept, said, pass } = world()
    await providing.provided('bafya', 19)
    await providing.withdraw('bafya')
    expect(events.at(-1)).toEqual({ type: 'providing:stopped', cid: 'bafya' })
    expect(kept.size).toBe(0)
    await pass(REPROVIDE_MS * 2)
    expect(said).toEqual([])
    await expect(providing.withdraw('bafya')).rejects.toThrow('This node does not provide that')
  })

  it('is not said any more when the node stops', async () => {
    const { providing, said, pass } = world()
    await providing.provided('bafya', 19)
    providing.stop()
    await pass(REPROVIDE_MS * 2)
    expect(said).toEqual([])
  })

  it('has a limit', async () => {
    const { providing } = world(Array.from({ length: MOST_PROVIDED }, (_, n) => `bafy${n}`))
    await providing.begin()
    expect(() => providing.check('bafy7')).not.toThrow()
    expect(() => providing.check('one more')).toThrow('This node provides 1000 things already')
  })

  it('holds for this run, with a warning, when it cannot be written', async () => {
    const broken = async () => Promise.reject(new Error('disk full'))
    const { providing, events, said, pass } = world([], {
      notes: { load: broken, put: broken, delete: broken },
    })
    await providing.provided('bafya', 1)
    expect(events.at(-1)).toMatchObject({
      type: 'warning:raised',
      topic: 'dht',
      cause: expect.stringContaining('What this node provides cannot be kept'),
    })
    await pass(REPROVIDE_MS)
    expect(said).toEqual(['bafya'])
  })
})
