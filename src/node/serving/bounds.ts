import type { Rate } from '../../core/allowance.ts'

/** What answering others on one protocol may cost. A host is what `ownerOf` says. */
export interface Bounds {
  /** Streams that one host may have open at once. libp2p's own limit is for each connection. */
  streams: number
  /** Requests of one host, or of one connection where every connection brings one by itself. */
  requests: Rate & { of: 'host' | 'connection' }
  /** True: a stream carries any number of requests, and whoever reads them counts them (`currentAsker`). */
  many?: true
  /** True: the stream goes on after its handler; otherwise it is closed then. */
  lasts?: true
  /** How long the handler may take, in ms. Absent: it lasts as long as its stream, and keeps time itself. */
  withinMs?: number
  /** Bytes that may come on one stream until its handler is over. 0: nobody reads from it. */
  bytes?: number
  /** Bytes that may come from one host. */
  hostBytes?: Rate
}

/** After so many refusals a connection is closed; a few now and then are nobody's fault. */
export const REFUSALS: Rate = { burst: 64, perSecond: 0.2 }

/**
 * The DHT's, whatever its protocol id. A lookup sends one message; a peer that provides thousands of blocks sends
 * thousands, once a day.
 */
export const DHT_BOUNDS: Bounds = {
  streams: 256,
  requests: { of: 'host', burst: 1_000, perSecond: 100 },
  many: true,
  hostBytes: { burst: 8 * 1024 * 1024, perSecond: 512 * 1024 },
}

/** Those of all other protocols that we ever register. */
export const BOUNDS: Readonly<Record<string, Bounds>> = {
  // Everybody asks once a connection, by opening the stream.
  '/ipfs/id/1.0.0': {
    streams: 512,
    requests: { of: 'connection', burst: 16, perSecond: 0.2 },
    withinMs: 10_000,
    bytes: 0,
  },
  // Some open a stream for each ping. What comes on one stream goes back on it, and waits while that does.
  '/ipfs/ping/1.0.0': {
    streams: 512,
    requests: { of: 'connection', burst: 256, perSecond: 20 },
    lasts: true,
  },
  // A request costs a signature or, at somebody else, a stream.
  '/libp2p/circuit/relay/0.2.0/hop': {
    streams: 512,
    requests: { of: 'host', burst: 256, perSecond: 4 },
    lasts: true,
    withinMs: 60_000,
    bytes: 16 * 1024,
  },
  // Each is a handshake: the other side's share of it has to come through.
  '/libp2p/circuit/relay/0.2.0/stop': {
    streams: 512,
    requests: { of: 'host', burst: 128, perSecond: 4 },
    lasts: true,
    withinMs: 60_000,
    bytes: 256 * 1024,
  },
  // Each makes us dial.
  '/libp2p/dcutr': {
    streams: 64,
    requests: { of: 'host', burst: 48, perSecond: 0.5 },
    withinMs: 60_000,
    bytes: 16 * 1024,
  },
  // The specification has askers send up to 100,000 bytes first, so that nobody else pays for the dial.
  '/libp2p/autonat/2/dial-request': {
    streams: 16,
    requests: { of: 'host', burst: 64, perSecond: 1 },
    withinMs: 60_000,
    bytes: 160 * 1024,
  },
  '/libp2p/autonat/2/dial-back': {
    streams: 16,
    requests: { of: 'host', burst: 64, perSecond: 1 },
    withinMs: 20_000,
    bytes: 1_024,
  },
}
