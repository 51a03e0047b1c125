/** NodeEvents without their schemas: what nearly everyone imports. The list of events is in event-schema.ts. */
export type { NewEvent, NodeEvent, NodeEventType, Payload } from './event-schema.ts'
export * from './event-terms.ts'
