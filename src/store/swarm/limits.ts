import type { AnyLimit } from '../../core/limit-terms.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

const NOTHING_USED = { inbound: 0, perHost: 0, pending: 0, dials: 0 }

/** Limits of connections, their use, and what they refused. */
export const limitReducers: EventReducers = {
  'limits:set': (state, { connections, perHost, hostRate, pending, dials, streams, inbound }) => ({
    ...state,
    limits: {
      used: NOTHING_USED,
      refused: {},
      ...state.limits,
      most: { connections, perHost, hostRate, pending, dials, streams },
      inbound,
    },
  }),
  'limits:sampled': (state, { inbound, perHost, pending, dials }) =>
    state.limits === undefined
      ? state
      : { ...state, limits: { ...state.limits, used: { inbound, perHost, pending, dials } } },
  'connection:refused': (state, { limit, count }) => refused(state, limit, count),
  'stream:refused': (state, { limit, count }) => refused(state, limit, count),
  'limit:exceeded': (state, { limit, count }) => refused(state, limit, count),
  'node:stopped': state =>
    state.limits === undefined ? state : { ...state, limits: { ...state.limits, used: NOTHING_USED } },
}

function refused(state: SwarmState, limit: AnyLimit | undefined, count = 1): SwarmState {
  if (limit === undefined || state.limits === undefined) return state
  const before = state.limits.refused[limit] ?? 0
  return {
    ...state,
    limits: { ...state.limits, refused: { ...state.limits.refused, [limit]: before + count } },
  }
}
