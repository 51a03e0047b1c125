/** The DHT: its routing table, what is asked and what is provided. */
import type { Query as QueryKind } from '../events.ts'
import type { SafeText } from '../safe-text.ts'

/** A peer in the routing table. `bucket`: leading bits that its key shares with ours. */
export interface RoutingEntry {
  peerId: SafeText
  bucket: number
  addedAt: number
  /** When it answered us or asked us something last. */
  heardAt: number
}

/** A bucket of the routing table through which a lookup went. Times are ms since the epoch. */
export interface BucketAge {
  bucket: number
  refreshedAt: number
}

/** Something that this node says in the DHT that it has. Times are ms since the epoch. */
export interface Providing {
  cid: SafeText
  since: number
  /** Absent: not yet in this run. */
  announcedAt?: number
  /** How many peers were told. */
  peers?: number
  /** Why the last try failed. */
  cause?: SafeText
  nextAt?: number
}

/** A query of the DHT under way; counts of peers. */
export interface Query {
  requestId: SafeText
  query: QueryKind
  subject: SafeText
  startedAt: number
  asked: number
  answered: number
  failed: number
  found: number
  /** Found so far. */
  results: readonly { peerId: SafeText; addresses: readonly SafeText[] }[]
  /** Of a record, cut to what fits a line. */
  value?: SafeText
}

/** The last query that ended, with what it found. */
export interface EndedQuery extends Query {
  outcome: 'found' | 'nothing' | 'done' | 'cancelled' | 'failed'
  durationMs: number
  cause?: SafeText
}
