import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import type { NewEvent } from '../../../../src/core/events.ts'
import type { AutonatServer } from '../../../../src/node/reach/autonat/parts.ts'
import { answerOthers } from '../../../../src/node/reach/autonat/server.ts'
import { EMPTY_SWARM } from '../../../../src/store/swarm/state.ts'
import { ManualClock } from '../../../support/manual-clock.ts'

/** A server that dials what it is asked to at once: `addresses` of them for each request. */
async function serving(addresses: number) {
  const events: NewEvent[] = []
  const clock = new ManualClock()
  let dialed = 0
  let handle = async (_: Stream, __: Connection): Promise<void> => {}
  const libp2p = {
    handle: async (_: string, handler: typeof handle) => {
      handle = handler
    },
  }
  const server: AutonatServer = {
    dialClientBack: async () => {
      dialed += 1
      return 'OK'
    },
    handleDialRequestStream: async () => {
      for (let n = 0; n < addresses; n++) {
        await server.dialClientBack(multiaddr('/ip4/11.0.0.1/tcp/1'), 1n, {}).catch(() => undefined)
      }
    },
  }
  const emit = (event: NewEvent): void => void events.push(event)
  await answerOthers({ libp2p: libp2p as unknown as Libp2p, clock, emit, state: () => EMPTY_SWARM }, server)
  /** Whether a peer was turned away. */
  const request = async (peer: string): Promise<boolean> => {
    let aborted = false
    const abort = (): void => {
      aborted = true
    }
    const stream = { abort } as unknown as Stream
    await handle(stream, { remotePeer: { toString: () => peer } } as unknown as Connection)
    return aborted
  }
  return { events, clock, request, dialed: () => dialed }
}

it('tells whom it dialed back, and where', async () => {
  const { events, request } = await serving(1)
  expect(await request('ann')).toBe(false)
  expect(events).toEqual([
    { type: 'autonat:answered', peerId: 'ann', address: '/ip4/11.0.0.1/tcp/1', reachable: true },
  ])
})

it('dials no long lists for strangers', async () => {
  const { request, dialed } = await serving(500)
  await request('ann')
  expect(dialed()).toBe(8)
})

it('turns away who asks too often, and all when too many ask, until a minute has passed', async () => {
  const { clock, request } = await serving(1)
  const requests = async (count: number, name: (n: number) => string) => {
    const turnedAway = await Promise.all(Array.from({ length: count }, (_, n) => request(name(n))))
    return turnedAway.filter(Boolean).length
  }
  expect(await requests(20, () => 'ann')).toBe(8)
  expect(await requests(50, n => `peer${n}`)).toBe(2)
  clock.advance(60_000)
  expect(await request('ann')).toBe(false)
})
