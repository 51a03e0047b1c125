import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { parseFilter } from '../../src/core/filter.ts'
import { CONNECTION_KEYS } from '../../src/core/filter-subjects.ts'
import { safeText } from '../../src/core/safe-text.ts'
import { INITIAL_SCREEN } from '../../src/store/screen/screen-state.ts'
import type { SwarmState } from '../../src/store/swarm/state.ts'
import { unicodeGlyphs } from '../../src/ui/glyphs.ts'
import { connectionList } from '../../src/views/connections/connection-list.ts'
import type { ViewList } from '../../src/views/list-view/view-list.ts'
import { routingList } from '../../src/views/routing/routing-list.ts'
import { peerIdOf } from '../support/live-screen.tsx'
import { stateAfter } from '../support/swarm-events.ts'
import { dht, opened, stream } from '../support/views-world.ts'

const ROOM = { columns: 100, nameColumns: 0, glyphs: unicodeGlyphs }
const name = (n: number) => `n${String(n).padStart(7, '0')}`

/** What is read of things, to count it. */
class Counter {
  reads = 0

  /** The same thing, with a count of how often a property of it is read. */
  watch<T extends object>(thing: T, property: keyof T): T {
    return new Proxy(thing, {
      get: (target, key) => {
        if (key === property) this.reads += 1
        return Reflect.get(target, key)
      },
    })
  }

  /** How often it was read meanwhile. */
  during(run: () => void): number {
    const before = this.reads
    run()
    return this.reads - before
  }
}

function drawn(list: ViewList, from: number, rows: number): void {
  for (let place = from; place < from + rows; place += 1) {
    list.rows.at(place)?.spans({ ...ROOM, time: undefined })
  }
}

describe('1,000 connections with two streams each', () => {
  const events: NewEvent[] = Array.from({ length: 1000 }, (_, n) => [
    opened(name(n)),
    stream(name(n), '/a', `${n}-a`),
    stream(name(n), '/b', `${n}-b`),
  ]).flat()
  const counter = new Counter()
  const plain = stateAfter(...events)
  // The address is read by who draws a connection, and by who filters it.
  const watched: SwarmState = {
    ...plain,
    connections: plain.connections.map(one => counter.watch(one, 'address')),
  }
  const filtered = (swarm: SwarmState, filter = parseFilter('', CONNECTION_KEYS)) =>
    connectionList(swarm, filter, INITIAL_SCREEN)

  it('cost what is on screen', () => {
    const list = filtered(watched)
    expect(list.rows.length).toBe(3000)
    expect(counter.during(() => drawn(list, 1500, 30))).toBe(10)
    expect(list.rows.placeOf('c-n0000500')).toBe(1500)
    expect(list.rows.placeOf('c-n0000500 500-b')).toBe(1502)
    expect(list.rows.placeOf('c-n0000500 nobody')).toBe(-1)
  })

  it('are filtered by what has changed', () => {
    const filter = parseFilter('192.168', CONNECTION_KEYS)
    expect(counter.during(() => filtered(watched, filter))).toBe(1000)
    const one = watched.connections.get('c-n0000007')
    if (one === undefined) expect.fail('it is not there')
    const changed = counter.watch({ ...one, bytesIn: 5 }, 'address')
    const next = { ...watched, seq: 9_999, connections: watched.connections.set('c-n0000007', changed) }
    const reads = counter.during(() => expect(filtered(next, filter).rows.length).toBe(3000))
    expect(reads).toBeLessThan(5)
  })
})

describe('25,000 peers in the routing table', () => {
  const counter = new Counter()
  const all = Array.from({ length: 25_000 }, (_, n) => [name(n), n % 20] as const)
  const swarm = stateAfter(...dht(all))
  const watched: SwarmState = {
    ...swarm,
    routing: swarm.routing.map(entry => counter.watch(entry, 'addedAt')),
  }
  const none = parseFilter('', [])
  const list = routingList(watched, none)

  it('are put in order once, whatever else happens', () => {
    const later = { ...watched, seq: 99_999, peers: stateAfter(opened('other001')).peers }
    expect(counter.during(() => drawn(routingList(later, none), 12_000, 30))).toBeLessThanOrEqual(30)
  })

  it('are found by their id', () => {
    const place = list.rows.placeOf(peerIdOf(name(24_999)))
    expect(list.rows.at(place)?.id).toBe(peerIdOf(name(24_999)))
    expect(list.rows.at(list.rows.length)).toBeUndefined()
    expect(list.rows.at(-1)).toBeUndefined()
    expect(list.rows.placeOf(safeText('nobody'))).toBe(-1)
    expect(list.rows.length).toBe(25_021)
  })
})
