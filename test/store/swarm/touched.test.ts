import fc from 'fast-check'
import { expect, it } from 'vitest'
import { reduceSwarm } from '../../../src/store/swarm/reduce.ts'
import { EMPTY_SWARM } from '../../../src/store/swarm/state.ts'
import { touchedPeers } from '../../../src/store/swarm/touched.ts'
import { anyEvent, numbered } from '../../support/swarm-events.ts'

const batches = fc.array(fc.array(anyEvent, { maxLength: 6 }), { maxLength: 10 })

it('names every peer that a batch changes', () => {
  fc.assert(
    fc.property(batches, all => {
      const numberedThrough = numbered(...all.flat())
      let state = EMPTY_SWARM
      for (const { length } of all) {
        const events = numberedThrough.splice(0, length)
        const before = state
        state = events.reduce(reduceSwarm, state)
        const touched = touchedPeers(events)
        if (touched === 'all') continue
        const peers = [...before.peers.values(), ...state.peers.values()]
        const changed = peers
          .map(({ peerId }) => peerId)
          .filter(id => before.peers.get(id) !== state.peers.get(id))
        expect([...touched]).toEqual(expect.arrayContaining(changed))
      }
    }),
  )
})
