/** Kademlia's k: how many peers keep a record, and how many a bucket holds. */
export const K = 20
/** How many peers a query asks at the same time: `alpha` of the specification. */
export const ALPHA = 10
/** How long a peer may take from the dial to its answer, in ms; twice that where peers have been slow. */
export const ANSWER_WITHIN_MS = 5_000
/** So many peers one query asks at the most: a chain of liars could otherwise name closer ones for ever. */
export const MAX_ASKED = 256
/** How long a query waits for the last ones once all others have answered, in ms. */
export const STRAGGLERS_MS = 2_000
/** How long a query that has found a peer goes on, in ms: who answers later may know it better. */
export const MORE_WITHIN_MS = 1_000
/** The longest answer that is read, in bytes: k peers with all their addresses are a tenth of that. */
export const MAX_ANSWER_BYTES = 256 * 1024
/** So many addresses of one peer are taken over. */
export const MAX_ADDRESSES = 32
/** So much one node provides: each is said to twenty peers again and again. */
export const MOST_PROVIDED = 1_000
/** The largest value of a record, in bytes. */
export const MAX_VALUE_BYTES = 8_192
/** How long a query waits for the first peer of the DHT, in ms. */
export const FIRST_PEER_WITHIN_MS = 10_000
/** How many bytes of addresses of one peer are told to others: some thirty, and an answer may name 120 peers. */
export const MAX_TOLD_BYTES = 1_024
