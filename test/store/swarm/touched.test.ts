import fc from 'fast-check'
import { expect, it } from 'vitest'
import { reduceBatch, reduceSwarm } from '../../../src/store/swarm/reduce.ts'
import { toSnapshot } from '../../../src/store/swarm/snapshot.ts'
import { EMPTY_SWARM } from '../../../src/store/swarm/state.ts'
import { touchedPeers } from '../../../src/store/swarm/touched.ts'
import { anyEvent, numbered } from '../../support/swarm-events.ts'

const batches = fc.array(fc.array(anyEvent, { maxLength: 6 }), { maxLength: 10 })

/** Events in batches, numbered through. */
function numberedBatches(all: Parameters<typeof numbered>[]) {
  const events = numbered(...all.flat())
  return all.map(({ length }) => events.splice(0, length))
}

it('names every peer that a batch changes', () => {
  fc.assert(
    fc.property(batches, all => {
      let state = EMPTY_SWARM
      for (const events of numberedBatches(all)) {
        const before = state
        state = reduceBatch(state, events)
        const touched = touchedPeers(events)
        if (touched === 'all') continue
        const ids = new Set([...before.peers.keys(), ...state.peers.keys()])
        const changed = [...ids].filter(id => before.peers.get(id) !== state.peers.get(id))
        expect([...touched]).toEqual(expect.arrayContaining(changed))
      }
    }),
  )
})

it('does to a batch what is done to one event after the other, and leaves the state before as it was', () => {
  fc.assert(
    fc.property(batches, all => {
      let state = EMPTY_SWARM
      for (const events of numberedBatches(all)) {
        const before = toSnapshot(state)
        const next = reduceBatch(state, events)
        expect(toSnapshot(next)).toEqual(toSnapshot(events.reduce(reduceSwarm, state)))
        expect(toSnapshot(state)).toEqual(before)
        state = next
      }
    }),
  )
})
