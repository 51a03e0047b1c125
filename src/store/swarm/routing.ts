import type { Query } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

/** So many results of one query are kept: k of the Kademlia DHT specification. */
const MOST_RESULTS = 20

/** The routing table, and queries under way. Without a request id the subject stands in for it. */
export const routingReducers: EventReducers = {
  'routing:started': (state, { protocol, mode }) => ({ ...state, dht: { protocol, mode } }),
  'routing:added': (state, { peerId, bucket, time }) => ({
    ...state,
    routing: state.routing.set(peerId, { peerId, bucket, addedAt: time, heardAt: time }),
  }),
  'routing:removed': (state, { peerId }) => ({ ...state, routing: state.routing.delete(peerId) }),
  'routing:refreshed': (state, { heard, buckets }) => ({
    ...state,
    routing: state.routing.withMutations(routing => {
      for (const { peerId, at } of heard) {
        const entry = routing.get(peerId)
        if (entry !== undefined) routing.set(peerId, { ...entry, heardAt: at })
      }
    }),
    buckets: state.buckets.withMutations(ages => {
      for (const { bucket, at } of buckets) ages.set(bucket, { bucket, refreshedAt: at })
    }),
  }),

  'providing:updated': (state, { cid, since, announcedAt, peers, cause, nextAt }) => ({
    ...state,
    providing: state.providing.set(cid, {
      cid,
      since,
      ...(announcedAt === undefined ? {} : { announcedAt }),
      ...(peers === undefined ? {} : { peers }),
      ...(cause === undefined ? {} : { cause }),
      ...(nextAt === undefined ? {} : { nextAt }),
    }),
  }),
  'providing:stopped': (state, { cid }) => ({ ...state, providing: state.providing.delete(cid) }),

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
      results: [],
    }),
  }),
  'query:progressed': (state, { requestId, step }) =>
    changed(state, requestId, query => ({ ...query, [step]: query[step] + 1 })),
  'query:found': (state, { requestId, peerId, addresses, value }) =>
    changed(state, requestId, query => ({
      ...query,
      found: query.found + 1,
      ...(value === undefined ? {} : { value }),
      ...(peerId === undefined || query.results.length >= MOST_RESULTS
        ? {}
        : { results: [...query.results, { peerId, addresses }] }),
    })),
  'query:ended': (state, { requestId, subject, outcome, asked, answered, found, durationMs, cause }) => {
    const id = requestId ?? subject
    const query = state.queries.get(id)
    const queries = state.queries.delete(id)
    if (query === undefined) return { ...state, queries }
    // Whoever was asked twice, for the way and to keep something, counts as one.
    const ended = {
      ...query,
      outcome,
      asked,
      answered,
      found,
      durationMs,
      ...(cause === undefined ? {} : { cause }),
    }
    return { ...state, queries, lastQuery: ended }
  },
  'node:stopped': state => ({
    ...state,
    routing: state.routing.clear(),
    buckets: state.buckets.clear(),
    providing: state.providing.clear(),
    queries: state.queries.clear(),
  }),
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
