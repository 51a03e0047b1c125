/** The largest value of a record, in bytes. */
export const MAX_VALUE_BYTES = 8_192
/** How long a query waits for the first peer of the DHT, in ms. */
export const FIRST_PEER_WITHIN_MS = 10_000
