import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { parseFilter } from '../../../src/core/filter.ts'
import { PEER_KEYS, peerSubject } from '../../../src/core/filter-subjects.ts'
import { type SafeText, safeText, say } from '../../../src/core/safe-text.ts'
import { SORT_KEYS } from '../../../src/store/peers/peer-order.ts'
import { PEER_COLUMNS } from '../../../src/store/screen/screen-state.ts'
import { selectionOf } from '../../../src/store/selectors/selection.ts'
import { Store } from '../../../src/store/store.ts'
import { toSnapshot } from '../../../src/store/swarm/snapshot.ts'
import { anyEvent, numbered } from '../../support/swarm-events.ts'

function storeAfter(...events: NewEvent[]): Store {
  const store = new Store()
  store.apply({ dropped: 0, events: numbered(...events) })
  return store
}

function heard(name: string): NewEvent {
  return { type: 'peer:discovered', peerId: safeText(name), source: 'mdns', addresses: [] }
}

/** The list as one would write it down without a thought for time: filter all, sort all. */
function naiveList({ swarm, screen }: Store): string[] {
  const { sort, filter } = screen.peers
  const { matches } = parseFilter(filter, PEER_KEYS)
  const keyOf = SORT_KEYS[sort.column]
  const way = sort.descending ? -1 : 1
  return [...swarm.peers.values()]
    .filter(peer => matches(peerSubject(peer)))
    .sort((a, b) => {
      const [x, y] = [keyOf(a), keyOf(b)]
      if (x !== y) return x === undefined ? 1 : y === undefined ? -1 : x < y ? -way : way
      return a.firstSeen - b.firstSeen || (a.peerId < b.peerId ? -1 : 1)
    })
    .map(({ peerId }) => peerId)
}

const step = fc.oneof(
  { arbitrary: fc.array(anyEvent, { maxLength: 4 }), weight: 6 },
  fc.record({ column: fc.constantFrom(...PEER_COLUMNS), descending: fc.boolean() }),
  fc.constantFrom('', 'a', 'al', 'b', '-carol', 'state:connected', 'in>300', 'agent:'),
  fc.constant('snapshot' as const),
)

const bystanders = Array.from({ length: 40 }, (_, n) => heard(`${'abc'[n % 3]}${n}`))

describe('the list of peers', () => {
  it('is what filtering and sorting all would give, after any events, choices and losses', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        // Beside many that stay as they are, those that change are moved one by one.
        const store = storeAfter(...bystanders)
        let { seq } = store.swarm
        for (const one of steps) {
          if (one === 'snapshot') {
            store.apply({ dropped: 1, snapshot: structuredClone(toSnapshot(store.swarm)), events: [] })
          } else if (typeof one === 'string') {
            store.dispatch({ type: 'filter', pane: 'peers', filter: one })
          } else if (Array.isArray(one)) {
            const events = numbered(...one).map(event => ({ ...event, seq: ++seq, time: 1000 * (seq >> 1) }))
            store.apply({ dropped: 0, events })
          } else store.dispatch({ type: 'peers:sort', ...one })
          const { peerList } = store
          const expected = naiveList(store)
          expect(peerList.slice(0, peerList.length)).toEqual(expected)
          expect(expected.map(id => peerList.indexOf(id as SafeText))).toEqual(expected.map((_, row) => row))
          const all = store.swarm.peers.values()
          expect(peerList.sums).toEqual({
            connected: all.filter(peer => peer.presence === 'connected').length,
            rateIn: all.reduce((sum, { rateIn }) => sum + (rateIn < 100 ? 0 : rateIn), 0),
            rateOut: all.reduce((sum, { rateOut }) => sum + (rateOut < 100 ? 0 : rateOut), 0),
          })
        }
      }),
      { numRuns: 300 },
    )
  })

  it('keeps up when only some of many peers change', () => {
    const names = Array.from({ length: 600 }, (_, n) => safeText(`p${n}`))
    const store = storeAfter(...names.map(heard))
    store.dispatch({ type: 'peers:sort', column: 'rtt', descending: false })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...names), fc.nat(50), fc.boolean()), { maxLength: 40 }),
        changes => {
          const events = changes.map(
            ([peerId, rttMs, gone]): NewEvent =>
              gone
                ? { type: 'peer:forgotten', peerId }
                : { type: 'ping:succeeded', peerId, rttMs, cold: false },
          )
          const { seq } = store.swarm
          store.apply({
            dropped: 0,
            events: numbered(...events).map(event => ({ ...event, seq: seq + event.seq })),
          })
          expect(store.peerList.slice(0, 600)).toEqual(naiveList(store))
        },
      ),
    )
  })

  it('has peers without a figure last, whichever way it is sorted', () => {
    const ping = (name: string, rttMs: number): NewEvent => ({
      type: 'ping:succeeded',
      peerId: safeText(name),
      rttMs,
      cold: false,
    })
    const store = storeAfter(heard('none'), ping('slow', 9), ping('fast', 1))
    store.dispatch({ type: 'peers:sort', column: 'rtt' })
    expect(store.peerList.slice(0, 3)).toEqual(['fast', 'slow', 'none'])
    store.dispatch({ type: 'peers:sort', column: 'rtt' })
    expect(store.peerList.slice(0, 3)).toEqual(['slow', 'fast', 'none'])
  })
})

describe('the selection', () => {
  it('is the first peer until one is chosen, and nobody while there are none', () => {
    const store = storeAfter()
    expect(selectionOf(store)).toBeUndefined()
    store.apply({ dropped: 0, events: numbered(heard('a'), heard('b')) })
    expect(selectionOf(store)).toEqual({ peerId: 'a', row: 0 })
  })

  it('is the neighbour of a peer that a filter hides, and that peer again afterwards', () => {
    const store = storeAfter(heard('xa'), heard('b'), heard('xc'))
    store.dispatch({ type: 'peers:select', peerId: say`b`, top: 0, row: 1 })
    store.dispatch({ type: 'filter', pane: 'peers', filter: 'x' })
    expect(selectionOf(store)).toEqual({ peerId: 'xc', row: 1 })
    store.dispatch({ type: 'filter', pane: 'peers', filter: '' })
    expect(selectionOf(store)).toEqual({ peerId: 'b', row: 1 })
  })
})
