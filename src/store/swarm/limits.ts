import { offenderWarning } from '../../core/event-text/offenders.ts'
import { type AnyLimit, LIMITS } from '../../core/limit-terms.ts'
import type { Offender } from '../../core/swarm/connections.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

const FIXED_FIGURES = ['hostPending', 'hostStreams', 'buffered', 'allBuffered', 'descriptors'] as const
const FIGURES = ['inbound', 'perHost', 'pending', 'dials', 'streams', ...FIXED_FIGURES] as const
const NOTHING_USED = { inbound: 0, perHost: 0, pending: 0, dials: 0 }

/** Limits of connections, their use, and what they refused. */
export const limitReducers: EventReducers = {
  'limits:set': (state, event) => ({
    ...state,
    limits: {
      used: NOTHING_USED,
      refused: {},
      ...state.limits,
      most: pick(event, LIMITS),
      inbound: event.inbound,
      fixed: pick(event, FIXED_FIGURES),
    },
  }),
  'limits:sampled': (state, event) =>
    state.limits === undefined
      ? state
      : { ...state, limits: { ...state.limits, used: pick(event, FIGURES) } },
  'limits:offenders': (before, { offenders }) => {
    const state = warnedAnew(before, offenders)
    if (state.limits === undefined) return state
    const { offenders: _, ...limits } = state.limits
    return { ...state, limits: offenders.length === 0 ? limits : { ...limits, offenders } }
  },
  'connection:refused': (state, { limit, count }) => refused(state, limit, count),
  'stream:refused': (state, { limit, count }) => refused(state, limit, count),
  'limit:exceeded': (state, { limit, count }) => refused(state, limit, count),
  'node:stopped': state => {
    if (state.limits === undefined) return state
    const { offenders: _, ...limits } = state.limits
    return { ...state, limits: { ...limits, used: NOTHING_USED } }
  },
}

/** The figures of a warning follow the list, which comes each second; the warning itself is an event that is rare. */
function warnedAnew(state: SwarmState, offenders: readonly Offender[]): SwarmState {
  const known = state.warnings.get('offenders')
  const warning = offenderWarning(offenders)
  if (known === undefined || warning === undefined) return state
  const { cause, hint } = warning
  if (known.cause === cause && known.hint === hint) return state
  return { ...state, warnings: state.warnings.set('offenders', { ...known, cause, hint }) }
}

function refused(state: SwarmState, limit: AnyLimit | undefined, count = 1): SwarmState {
  if (limit === undefined || state.limits === undefined) return state
  const before = state.limits.refused[limit] ?? 0
  return {
    ...state,
    limits: { ...state.limits, refused: { ...state.limits.refused, [limit]: before + count } },
  }
}

/** The fields of an event that have these names, but for those that it does not have. */
function pick<E extends object, K extends keyof E>(event: E, names: readonly K[]): Picked<E, K> {
  return Object.fromEntries(
    names.flatMap(name => (event[name] === undefined ? [] : [[name, event[name]]])),
  ) as Picked<E, K>
}

type Picked<E, K extends keyof E> = { [N in keyof Pick<E, K>]: Exclude<E[N], undefined> }
