/** What is used of libp2p's DHT that its types keep private. */
import type { PeerId, PeerStore } from '@libp2p/interface'
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht'
import type { Question } from './lookup.ts'

/** A peer of the routing table, and its place in the key space. */
export interface Contact {
  peerId: PeerId
  kadId: Uint8Array
}

/** A leaf of the tree of peers. */
export interface Bucket {
  readonly depth: number
  readonly peers: readonly Contact[]
}

/** The tree of peers. A leaf that is full is split, down to `prefixLength`. */
export interface KBucket {
  readonly kBucketSize: number
  readonly prefixLength: number
  get(place: Uint8Array): Contact | undefined
  add(peerId: PeerId): Promise<void>
  remove(place: Uint8Array, options?: object): Promise<void>
  /** Whether a peer answers: asked before it is taken in. */
  verify(contact: Contact, options?: object): Promise<boolean>
  _add(contact: Contact, options?: object): Promise<void>
  _determineBucket(place: Uint8Array): Bucket
}

/** The routing table. It tells of `peer:add`, `peer:remove` and `peer:ping` (it answered one). */
export interface RoutingTable extends EventTarget {
  readonly size: number
  readonly kb: KBucket
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
  rpc: {
    handleMessage(peerId: PeerId, message: unknown): Promise<unknown>
    handlers: { GET_PROVIDERS: { peerStore: Pick<PeerStore, 'get'> } }
  }
  contentFetching: {
    /** Each value that is held under a key, by whoever holds it. */
    getMany(key: Uint8Array, options: { signal: AbortSignal }): AsyncIterable<QueryEvent>
  }
}

/** The same DHT with its private parts. */
export function privateParts(dht: KadDHT): PrivateDht {
  return dht as unknown as PrivateDht
}
