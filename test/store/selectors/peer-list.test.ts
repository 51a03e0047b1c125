import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { safeText, say } from '../../../src/core/safe-text.ts'
import { PEER_COLUMNS } from '../../../src/store/screen/screen-state.ts'
import { peerList } from '../../../src/store/selectors/peer-list.ts'
import { peerOrder } from '../../../src/store/selectors/peer-order.ts'
import { selectionOf } from '../../../src/store/selectors/selection.ts'
import { Store } from '../../../src/store/store.ts'
import { anyEvent, numbered } from '../../support/swarm-events.ts'

function storeAfter(...events: NewEvent[]): Store {
  const store = new Store()
  store.apply({ dropped: 0, events: numbered(...events) })
  return store
}

function heard(name: string): NewEvent {
  return { type: 'peer:discovered', peerId: safeText(name), source: 'mdns', addresses: [] }
}

describe('the list of peers', () => {
  it('is the same value until something changes that it shows', () => {
    const store = storeAfter(heard('a'), heard('b'))
    const before = peerList(store)
    store.dispatch({ type: 'notice', notice: { tone: 'plain', text: say`hm` } })
    store.dispatch({ type: 'peers:select', peerId: say`b`, top: 0 })
    expect(peerList(store)).toBe(before)
    store.dispatch({ type: 'filter', pane: 'peers', filter: 'b' })
    expect(peerList(store).ids).toEqual(['b'])
  })

  it('is in order after any events, in one go or one by one', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 30 }),
        fc.constantFrom(...PEER_COLUMNS),
        (events, column) => {
          const all = new Store()
          const stepwise = new Store()
          for (const store of [all, stepwise])
            store.dispatch({ type: 'peers:sort', column, descending: true })
          const made = numbered(...events)
          all.apply({ dropped: 0, events: made })
          for (const event of made) {
            stepwise.apply({ dropped: 0, events: [event] })
            peerList(stepwise)
          }
          const order = peerOrder({ column, descending: true })
          const expected = [...all.swarm.peers.values()].sort(order).map(peer => peer.peerId)
          expect(peerList(all).ids).toEqual(expected)
          expect(peerList(stepwise).ids).toEqual(expected)
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
    expect(peerList(store).ids).toEqual(['fast', 'slow', 'none'])
    store.dispatch({ type: 'peers:sort', column: 'rtt' })
    expect(peerList(store).ids).toEqual(['slow', 'fast', 'none'])
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
