import type { NodeEvent } from '../../core/events.ts'
import { connectionReducers } from './connections.ts'
import { dialReducers } from './dials.ts'
import { limitReducers } from './limits.ts'
import { nodeReducers } from './node-info.ts'
import { peerReducers } from './peers.ts'
import { punchReducers } from './punches.ts'
import { reachReducers } from './reach.ts'
import type { EventReducers } from './reducing.ts'
import { relayReducers } from './relays.ts'
import { routingReducers } from './routing.ts'
import type { SwarmState } from './state.ts'
import { trafficReducers } from './traffic.ts'

const families: readonly EventReducers[] = [
  nodeReducers,
  peerReducers,
  connectionReducers,
  dialReducers,
  trafficReducers,
  relayReducers,
  punchReducers,
  reachReducers,
  routingReducers,
  limitReducers,
]

/**
 * The state after one more event. Pure: the same events in the same order always give the same state. Events that the
 * state contains already (`seq` not above its own) change nothing.
 */
export function reduceSwarm(state: SwarmState, event: NodeEvent): SwarmState {
  if (event.seq <= state.seq) return state
  let next: SwarmState = { ...state, seq: event.seq, time: event.time }
  for (const family of families) {
    const reducer = family[event.type] as ((state: SwarmState, event: NodeEvent) => SwarmState) | undefined
    if (reducer !== undefined) next = reducer(next, event)
  }
  return next
}
