import type { Query } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

/** The routing table, and queries under way. Without a request id the subject stands in for it. */
export const routingReducers: EventReducers = {
  'routing:started': (state, { protocol, mode }) => ({ ...state, dht: { protocol, mode } }),
  'routing:added': (state, { peerId, bucket, time }) => ({
    ...state,
    routing: state.routing.set(peerId, { peerId, bucket, addedAt: time }),
  }),
  'routing:removed': (state, { peerId }) => ({ ...state, routing: state.routing.delete(peerId) }),

  'query:started': (state, { requestId, query, subject, time }) => ({
    ...state,
    queries: state.queries.set(requestId ?? subject, {
      requestId: requestId ?? subject,
      query,
      subject,
      startedAt: time,
      asked: 0,
      answered: 0,
      failed: 0,
      found: 0,
    }),
  }),
  'query:progressed': (state, { requestId, step }) =>
    changed(state, requestId, query => ({ ...query, [step]: query[step] + 1 })),
  'query:found': (state, { requestId }) =>
    changed(state, requestId, query => ({ ...query, found: query.found + 1 })),
  'query:ended': (state, { requestId, subject }) => ({
    ...state,
    queries: state.queries.delete(requestId ?? subject),
  }),
  'node:stopped': state => ({ ...state, routing: state.routing.clear(), queries: state.queries.clear() }),
}

function changed(
  state: SwarmState,
  requestId: string | undefined,
  change: (query: Query) => Query,
): SwarmState {
  const query = requestId === undefined ? undefined : state.queries.get(requestId)
  if (query === undefined) return state
  return { ...state, queries: state.queries.set(query.requestId, change(query)) }
}
