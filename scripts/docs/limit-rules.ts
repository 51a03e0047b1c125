/** How each limit works, in words, for the docs. */
import type { AnyLimit } from '../../src/core/limit-terms.ts'

interface LimitRule {
  /** How much it allows; absent: the default of its option. */
  most?: string
  /** What is done with the excess. */
  over: string
}

/** A rule for each limit. */
export const LIMIT_RULES: { readonly [L in AnyLimit]: LimitRule } = {
  connections: { over: 'refused; to make room for a dial by this node, the least useful one is closed' },
  perHost: { over: 'refused' },
  hostRate: { over: 'refused' },
  pending: {
    over: 'refused, or the oldest from the host with the most is closed to let in a host with fewer',
  },
  dials: { over: 'queued, up to four times as many; then refused' },
  streams: { over: 'refused' },
  negotiation: {
    most: '1 KiB a message',
    over: 'the stream is reset; if it goes on, the connection is closed',
  },
  message: { most: 'by protocol', over: 'the stream is reset; if it goes on, the connection is closed' },
  frames: {
    most: '450 ms of CPU at once, then 300 ms a second; 1.2 s and 600 ms for a host',
    over: 'closed',
  },
  replies: { most: '1 MB', over: 'closed' },
  referrals: { most: 'those valid where the peer itself is', over: 'ignored' },
  referredDials: { most: '8 to one peer; 96 a minute named by one peer; 256 a query', over: 'refused' },
  dialsToHost: { most: '16 at once', over: 'queued; refused on timeout' },
  dialBacks: { most: '12 a minute, 2 at once', over: 'refused' },
  reservations: { most: "an eighth of the relay's total", over: 'refused' },
  circuits: { most: 'twice `--relay-circuits`, half of it to one peer', over: 'refused' },
  relayRequests: { most: '120 a minute', over: 'refused' },
  requests: { most: 'by protocol', over: 'refused; closed if it goes on' },
  pings: { most: '3,000 at once, then 1,000 a second', over: 'answered later' },
  bytes: { most: 'by protocol', over: 'refused; closed if it goes on' },
  serving: { most: '512, or fewer if each costs more', over: 'refused' },
  answering: { most: '10 to 60 s, by protocol', over: 'refused' },
  punches: { most: '16 at once, then one every 10 s', over: 'refused' },
  mdnsBytes: { most: '64 KiB at once, then 8 KiB a second', over: 'dropped' },
  mdnsPeers: { most: '256', over: 'dropped: the peer not heard for longest' },
  hostPending: { most: 'a quarter of `--max-pending`', over: 'refused' },
  handshake: { most: '10 s each, from accept to the muxer', over: 'closed' },
  descriptors: { most: '`ulimit -n`, less the reserved ones', over: 'refused' },
  coolDown: { most: 'none until the wait is over', over: 'refused' },
  hostStreams: {
    most: '16 times `--max-streams`',
    over: 'closed, starting with the connection with the most',
  },
  buffered: { most: 'by memory, see below', over: 'closed' },
  allBuffered: { most: 'by memory, see below', over: 'closed, starting with the connection with the most' },
}
