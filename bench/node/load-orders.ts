/** What the benchmark and the loaded node say to each other: lines of JSON over a socket. */

/** What the loaded node is to do. Each order is answered by one {@link LoadAnswer}, when it is done. */
export type LoadOrder =
  /** Lets it hear of peers on the network; those that are busy are whom the load is about. Comes first. */
  | { do: 'meet'; peers: number; busy: number }
  /** Pings a peer that it dials, one ping after the other, while so many events a second are told. */
  | { do: 'ping'; address: string; count: number; perSecond: number }
  /** Tells so many events a second for a time. */
  | { do: 'load'; perSecond: number; forMs: number }
  /** Raises a warning with these words. */
  | { do: 'warn'; words: string }
  /** Tells so many events as fast as it can. */
  | { do: 'flood'; count: number }
  /** Collects what nothing refers to, in its heap and in that of the screen's thread. */
  | { do: 'collect' }

/** The answer to an order. */
export interface LoadAnswer {
  /** Of `ping`: each round trip, in ms. */
  rttsMs?: number[]
  /** Of `collect`: what is in use after it. */
  heapBytes?: number
}
