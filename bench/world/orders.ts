/** What the benchmark and the node of its program say to each other: lines of JSON over a socket. */
import type { NewEvent } from '../../src/core/events.ts'

/** What the node is like, in its environment as JSON. */
export interface NodeSetting {
  /** The path of the socket. */
  control: string
  peers: number
  connected: number
  /** True: time goes on with each event only, so that the same events always read the same. */
  steppedTime: boolean
  /** How long ago the node started and met its peers, in ms. */
  ageMs: number
}

/** What the node is to do. Each order is answered by one {@link Done}, when it is done. */
export type Order =
  /** Lets these events happen at once. */
  | { do: 'emit'; events: NewEvent[] }
  /** Lets so many events happen, in parts that a screen can keep up with. */
  | { do: 'fill'; count: number }
  /** Lets events happen at a steady pace, a hundredth of a second's at a time. */
  | { do: 'flood'; perSecond: number; forMs: number }
  /** Lets `perCommit` pings of connected peers happen at once, `count` times, with time for a frame after each. */
  | { do: 'commits'; count: number; perCommit: number }

/** The answer to an order. */
export interface Done {
  /** Processor time that the whole program took meanwhile, all threads, in ms. */
  cpuMs: number
  /** Events that happened. */
  events: number
}
