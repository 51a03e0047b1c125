import type { NodeEvent, NodeEventType } from '../../core/events.ts'
import type { SwarmState } from './state.ts'

/** What some types of event change. */
export type EventReducers = {
  readonly [T in NodeEventType]?: (state: SwarmState, event: NodeEvent<T>) => SwarmState
}
