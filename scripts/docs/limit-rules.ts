/** How each limit works, in words: what the docs say of it. */
import type { AnyLimit } from '../../src/core/limit-terms.ts'

interface LimitRule {
  /** How much it allows; absent: the default of its option. */
  most?: string
  /** What becomes of what is over it. */
  over: string
}

/** A rule for each limit. */
export const LIMIT_RULES: { readonly [L in AnyLimit]: LimitRule } = {
  connections: { over: 'refused; for dials of this node the least useful one is closed' },
  perHost: { over: 'refused' },
  hostRate: { over: 'refused' },
  pending: { over: 'refused, or the oldest of the host that has most is closed for one who has fewer' },
  dials: { over: 'kept waiting, four times as many; then refused' },
  streams: { over: 'refused' },
  negotiation: { most: '1 KiB a message', over: 'closed' },
  message: { most: 'by protocol', over: 'closed' },
  frames: { most: 'a budget by the second', over: 'closed' },
  replies: { most: '1 MB', over: 'closed' },
  referrals: { most: 'what fits where the peer itself is', over: 'dropped' },
  referredDials: { most: '8 to one peer; 96 a minute for one who named them; 256 a query', over: 'refused' },
  dialsToHost: { most: '16 at once', over: 'kept waiting; refused when their time is up' },
  dialBacks: { most: '12 a minute, 2 at once', over: 'refused' },
  reservations: { most: 'an eighth of those of the relay', over: 'refused' },
  circuits: { most: 'an eighth of those of the relay', over: 'refused' },
  relayRequests: { most: '120 a minute', over: 'refused' },
  requests: { most: 'by protocol', over: 'refused; who goes on is closed' },
  pings: { most: '3,000 at once, then 1,000 a second', over: 'answered later' },
  bytes: { most: 'by protocol', over: 'refused; who goes on is closed' },
  serving: { most: '512, or fewer where each costs more', over: 'refused' },
  answering: { most: '10 to 60 s, by protocol', over: 'refused' },
  punches: { most: '16 at once, then one in 10 s', over: 'refused' },
  mdnsBytes: { most: '64 KiB at once, then 8 KiB a second', over: 'dropped' },
  mdnsPeers: { most: '256', over: 'dropped, the one unheard for longest' },
  hostPending: { most: 'a quarter of `--max-pending`', over: 'refused' },
  handshake: { most: '10 s each, from accept to the muxer', over: 'closed' },
  descriptors: { most: '`ulimit -n`, but for those that are kept', over: 'refused' },
  coolDown: { most: 'none before the host has waited', over: 'refused' },
  hostStreams: { most: '16 times `--max-streams`', over: 'closed, the connection with most of them first' },
  buffered: { most: 'by memory, see below', over: 'closed' },
  allBuffered: { most: 'by memory, see below', over: 'closed, the connection with most first' },
}
