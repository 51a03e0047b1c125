import { Map as PersistentMap } from 'immutable'
import type { EventReducers } from './reducing.ts'

/** The node itself: its life, where it listens, what it warns of. */
export const nodeReducers: EventReducers = {
  'node:started': (state, { peerId, agentVersion, profile, time }) => ({
    ...state,
    node: {
      ...state.node,
      status: 'running',
      peerId,
      agentVersion,
      startedAt: time,
      ...(profile === undefined ? {} : { profile }),
    },
  }),
  'node:stopped': (state, { reason }) => ({
    ...state,
    node: { ...state.node, status: 'stopped', stopReason: reason, listening: [] },
    connections: PersistentMap(),
    dials: PersistentMap(),
    traffic: { ...state.traffic, rateIn: 0, rateOut: 0 },
    protocols: state.protocols.map(traffic => ({ ...traffic, rateIn: 0, rateOut: 0 })),
  }),
  'listen:opened': (state, { address }) => ({
    ...state,
    node: {
      ...state.node,
      listening: [...state.node.listening.filter(known => known !== address), address],
    },
  }),
  'listen:closed': (state, { address }) => ({
    ...state,
    node: { ...state.node, listening: state.node.listening.filter(known => known !== address) },
  }),
  'warning:raised': (state, { topic, cause, hint, time }) => ({
    ...state,
    warnings: state.warnings.set(topic, { topic, cause, hint, time }),
  }),
  'warning:cleared': (state, { topic }) => ({ ...state, warnings: state.warnings.delete(topic) }),
}
