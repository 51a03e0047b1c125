/** What can be asked of a node: plain data in, plain data out. */
import type { Query } from './event-terms.ts'
import type { Failure } from './failure.ts'
import type { SafeText } from './safe-text.ts'
import type { Account } from './swarm/connections.ts'

/** Each kind of request with its parameters and its result; all of them fail with a `RequestFailed`. */
export interface Requests {
  /** Connects to a peer. `target` is a multiaddr, with or without a Peer ID, or a Peer ID with known addresses. */
  dial: {
    params: { target: string }
    result: {
      peerId: SafeText
      connectionId: SafeText
      address: SafeText
      durationMs: number
      existing: boolean
      /** The other addresses it could have been; with a cause: tried, and failed. Absent: there was one. */
      others?: { address: SafeText; cause?: SafeText | undefined }[]
    }
  }
  /** One round trip over the peer's ping stream. */
  ping: { params: { peerId: string }; result: { rttMs: number; cold: boolean } }
  /** Starts or ends pinging a peer once a second. `running` says what holds afterwards. */
  keepPinging: { params: { peerId: string; on: boolean }; result: { running: boolean } }
  /** Closes every connection to a peer, and keeps none any more. `closed` is 0 where one was only to be kept. */
  hangUp: { params: { peerId: string }; result: { closed: number } }
  /** Closes one connection. `others`: how many its peer has left. */
  closeConnection: {
    params: { connectionId: string }
    result: { peerId: SafeText; connectionId: SafeText; others: number }
  }
  /** Listens on one more address. */
  listen: { params: { address: string }; result: { addresses: SafeText[] } }
  /**
   * Asks the DHT. `subject`: a Peer ID, a CID or a key, as the query wants it; `value`: what `put` stores, as text, and
   * empty for the others.
   */
  query: {
    params: { query: Query; subject: string; value: string }
    result: {
      /** In its usual form; the CID where a text was provided. */
      subject: SafeText
      /** Those found; for `provide` and `put` those that took it. */
      peers: { peerId: SafeText; addresses: SafeText[] }[]
      /** Of the record that `get` found; `base64` when it is no harmless text. */
      value?: { text: SafeText; encoding: 'text' | 'base64' }
      /** Counts of peers. */
      asked: number
      answered: number
      durationMs: number
    }
  }
  /** Ends providing a CID: peers that keep the record forget it within two days. */
  withdraw: { params: { cid: string }; result: { cid: SafeText } }
  /** Reserves at a relay, and keeps it. `expiresAt`: ms since the epoch, renewed before that. */
  reserve: {
    params: { relay: string }
    result: {
      peerId: SafeText
      addresses: SafeText[]
      expiresAt: number
      /** Of one connection through it, bytes each way; absent: no limit. */
      limitBytes?: number
      limitMs?: number
    }
  }
  /** Ends listening on an address, and on those that share its socket. `addresses` are the ones closed. */
  unlisten: { params: { address: string }; result: { addresses: SafeText[] } }
  /** Calls a peer by a name; an empty one takes its name away. `warnings`: with what the name could be mistaken. */
  name: {
    params: { peerId: string; name: string }
    result: { peerId: SafeText; name?: SafeText; before?: SafeText; warnings: SafeText[] }
  }
  /** Begins or ends to keep a connection: one that is lost is dialed again. `kept` says what holds afterwards. */
  keep: { params: { peerId: string; on: boolean }; result: { peerId: SafeText; kept: boolean } }
  /** Who has most of this node now: the first few hosts, peers, connections and protocols, whoever has most first. */
  accounts: { params: Record<string, never>; result: { accounts: Account[] } }
  /** Takes a peer out of the address book, with its name. Refused while it is connected. */
  forget: { params: { peerId: string }; result: { peerId: SafeText } }
}

/** The name of a request. */
export type RequestKind = keyof Requests
/** What a request of this kind takes. */
export type Params<K extends RequestKind> = Requests[K]['params']
/** What a request of this kind resolves with. */
export type Result<K extends RequestKind> = Requests[K]['result']

/** How long a request may take, what cancels it, and how its events are marked. */
export interface RequestOptions {
  /** Cancels the request. */
  signal?: AbortSignal
  /** The request fails when it has not ended by then. @default {@link DEADLINES} */
  deadlineMs?: number
  /** Carried as `requestId` by the events that the request causes. @default a new one */
  id?: SafeText
}

/** How long each request may take, in ms, if its caller does not say. */
export const DEADLINES: { readonly [K in RequestKind]: number } = {
  dial: 30_000,
  ping: 10_000,
  keepPinging: 2_000,
  hangUp: 5_000,
  closeConnection: 5_000,
  listen: 5_000,
  query: 60_000,
  withdraw: 5_000,
  reserve: 30_000,
  unlisten: 5_000,
  name: 5_000,
  keep: 5_000,
  accounts: 5_000,
  forget: 5_000,
}

/** Why the node behind a port is gone. */
export interface PortEnd {
  /** `stopped`: as asked for. `failed`: it died, `failure` says of what. */
  how: 'stopped' | 'failed'
  failure?: Failure
}
