/** What is used of libp2p's DHT that its types keep private. */
import type { PeerId } from '@libp2p/interface'
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht'
import type { Question } from './lookup.ts'

/** The routing table. It tells of `peer:add`, `peer:remove` and `peer:ping` (it answered one). */
export interface RoutingTable extends EventTarget {
  readonly size: number
  /** The peers that are closest to a place in the key space. */
  closestPeers(place: Uint8Array, options: { count: number }): PeerId[]
  /** Takes a peer in after it has answered a ping, if there is room. */
  queueRoutingTableUpdate(peerId: PeerId): void
  remove(peerId: PeerId): Promise<void>
}

/** The private parts. */
export interface PrivateDht {
  routingTable: RoutingTable
  /** Every operation of the DHT walks through `run`. */
  queryManager: {
    run(
      key: Uint8Array,
      ask: (question: Question) => AsyncIterable<QueryEvent>,
      options?: { signal?: AbortSignal },
    ): AsyncGenerator<QueryEvent>
  }
  network: {
    /** Asks one peer. */
    sendRequest(to: PeerId, ...rest: unknown[]): AsyncIterable<QueryEvent>
    /** Dispatches `peer` for each peer that an answer names. */
    safeDispatchEvent(type: string, detail: unknown): boolean
  }
  /** Answers the questions of others. */
  rpc: { handleMessage(peerId: PeerId, message: unknown): Promise<unknown> }
  contentFetching: {
    /** Each value that is held under a key, by whoever holds it. */
    getMany(key: Uint8Array, options: { signal: AbortSignal }): AsyncIterable<QueryEvent>
  }
}

/** The same DHT with its private parts. */
export function privateParts(dht: KadDHT): PrivateDht {
  return dht as unknown as PrivateDht
}
