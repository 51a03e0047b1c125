import type { Dial } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

/** Dials under way. Without a request id (a dial that nobody asked for) the target stands in for it. */
export const dialReducers: EventReducers = {
  'dial:started': (state, event) => {
    const requestId = event.requestId ?? event.target
    const dial: Dial = {
      requestId,
      target: event.target,
      startedAt: event.time,
      stages: [],
      ...(event.peerId === undefined ? {} : { peerId: event.peerId }),
    }
    return { ...state, dials: state.dials.set(requestId, dial) }
  },
  'dial:progressed': (state, event) => {
    const requestId = event.requestId ?? event.target
    const dial = state.dials.get(requestId)
    if (dial === undefined) return state
    const stages = [...dial.stages, { stage: event.stage, elapsedMs: event.elapsedMs }]
    return { ...state, dials: state.dials.set(requestId, { ...dial, stages }) }
  },
  'dial:succeeded': (state, event) => ended(state, event.requestId ?? event.target),
  'dial:failed': (state, event) => ended(state, event.requestId ?? event.target),
}

function ended(state: SwarmState, requestId: string): SwarmState {
  return { ...state, dials: state.dials.delete(requestId) }
}
