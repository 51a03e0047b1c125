import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reduceSwarm } from '../../../src/store/swarm/reduce.ts'
import { fromSnapshot, toSnapshot } from '../../../src/store/swarm/snapshot.ts'
import { EMPTY_SWARM } from '../../../src/store/swarm/state.ts'
import { comparable } from '../../support/port-reader.ts'
import { anyEvent, numbered } from '../../support/swarm-events.ts'

const story = fc.array(anyEvent, { maxLength: 40 }).map(events => numbered(...events))

describe('the state of a swarm', () => {
  it('is the same for the same events, and never changed in place', () => {
    fc.assert(
      fc.property(story, events => {
        const states = [EMPTY_SWARM]
        const copies = [structuredClone(toSnapshot(EMPTY_SWARM))]
        for (const event of events) {
          const next = reduceSwarm(states.at(-1) ?? EMPTY_SWARM, Object.freeze(event))
          states.push(next)
          copies.push(structuredClone(toSnapshot(next)))
        }
        expect(states.map(toSnapshot)).toEqual(copies)
        expect(toSnapshot(events.reduce(reduceSwarm, EMPTY_SWARM))).toEqual(copies.at(-1))
      }),
    )
  })

  it('can be left as a snapshot at any moment, and be taken up again', () => {
    const ways: ((snapshot: never) => never)[] = [
      structuredClone,
      s => JSON.parse(JSON.stringify(s)) as never,
    ]
    fc.assert(
      fc.property(story, fc.nat(), fc.constantFrom(...ways), (events, at, carry) => {
        const cut = at % (events.length + 1)
        const before = events.slice(0, cut).reduce(reduceSwarm, EMPTY_SWARM)
        const there = fromSnapshot(carry(toSnapshot(before) as never))
        expect(toSnapshot(there)).toEqual(toSnapshot(before))
        const whole = events.reduce(reduceSwarm, EMPTY_SWARM)
        expect(comparable(events.slice(cut).reduce(reduceSwarm, there))).toEqual(comparable(whole))
      }),
    )
  })

  it('does not count an event twice', () => {
    fc.assert(
      fc.property(story, events => {
        const once = events.reduce(reduceSwarm, EMPTY_SWARM)
        for (const event of events) expect(reduceSwarm(once, event)).toBe(once)
      }),
    )
  })

  it('never has a connection of a peer that does not know of it, while it knows the peer', () => {
    // What an actual node emits: each connection opens once, of one peer.
    const opening = fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 10 })
    fc.assert(
      fc.property(opening, fc.array(fc.nat({ max: 20 })), (opened, closed) => {
        const peer = (n: number) => `p${n % 3}` as never
        const events = numbered(
          ...opened.map(
            n =>
              ({
                type: 'connection:opened',
                peerId: peer(n),
                connectionId: `c${n}`,
                address: '/ip4/1.2.3.4/tcp/1',
                direction: 'inbound',
                transport: 'tcp',
                encryption: '/noise',
                muxer: '/yamux/1.0.0',
              }) as never,
          ),
          ...closed.map(
            n =>
              ({
                type: 'connection:closed',
                peerId: peer(n),
                connectionId: `c${n}`,
                reason: 'bye',
                durationMs: 1,
                bytesIn: 0,
                bytesOut: 0,
              }) as never,
          ),
        )
        const state = events.reduce(reduceSwarm, EMPTY_SWARM)
        const known = [...state.peers.values()].flatMap(({ connectionIds }) => connectionIds)
        expect(known.sort()).toEqual([...state.connections.keys()].sort())
        for (const { presence, connectionIds } of state.peers.values())
          expect(presence === 'connected').toBe(connectionIds.length > 0)
      }),
    )
  })
})
