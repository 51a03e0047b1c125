/** Statistics over the pings of one peer: a value that is folded, ping by ping. */
import type { SafeText } from './safe-text.ts'

/** How many of the latest samples are kept, for p95 and the sparkline. */
export const SAMPLES_KEPT = 120

const JITTER_GAIN = 16

/** Round trips to one peer, summed up in constant space but for the latest samples. */
export interface PingStats {
  /** Warm pings that were answered. */
  received: number
  /** Pings that were not. */
  lost: number
  /** The last cold RTT in ms: the first on a new stream, told apart from the statistics. */
  coldMs?: number
  /** All RTTs in ms, over warm pings. */
  lastMs?: number
  minMs?: number
  maxMs?: number
  meanMs?: number
  /** Sum of squared differences from the mean (Welford), for the deviation. */
  squares: number
  /** Smoothed difference between successive RTTs in ms, as in RFC 3550, section 6.4.1. */
  jitterMs?: number
  /** The latest samples, oldest first; null is a lost ping. */
  samples: readonly (number | null)[]
  /** Why the last ping failed, if it did. */
  lastFailure?: SafeText
}

/** The statistics before the first ping. */
export const NO_PINGS: PingStats = { received: 0, lost: 0, squares: 0, samples: [] }

/** The statistics with one more answered ping. */
export function addRtt(stats: PingStats, rttMs: number, cold: boolean): PingStats {
  const { lastFailure: _, ...rest } = stats
  if (cold) return { ...rest, coldMs: rttMs }
  const received = stats.received + 1
  const before = stats.meanMs ?? rttMs
  const mean = before + (rttMs - before) / received
  return {
    ...rest,
    received,
    lastMs: rttMs,
    minMs: Math.min(stats.minMs ?? rttMs, rttMs),
    maxMs: Math.max(stats.maxMs ?? rttMs, rttMs),
    meanMs: mean,
    squares: stats.squares + (rttMs - before) * (rttMs - mean),
    jitterMs: nextJitter(stats, rttMs),
    samples: keep(stats.samples, rttMs),
  }
}

/** The statistics with one more ping that was not answered. */
export function addLoss(stats: PingStats, cause: SafeText): PingStats {
  return { ...stats, lost: stats.lost + 1, samples: keep(stats.samples, null), lastFailure: cause }
}

/** The statistics after a ping that was never sent: it says something of the peer, and nothing of the link. */
export function addRefusal(stats: PingStats, cause: SafeText): PingStats {
  return { ...stats, lastFailure: cause }
}

/** Standard deviation of the RTTs in ms; undefined before the first. */
export function deviationMs(stats: PingStats): number | undefined {
  return stats.received === 0 ? undefined : Math.sqrt(stats.squares / stats.received)
}

/** The RTT in ms that 95 of 100 kept samples do not exceed (nearest rank); undefined without samples. */
export function p95Ms(stats: PingStats): number | undefined {
  const answered = stats.samples.filter(sample => sample !== null).sort((a, b) => a - b)
  return answered[Math.ceil(answered.length * 0.95) - 1]
}

/** Share of pings that were not answered, 0 to 1; undefined before the first. */
export function lossRatio(stats: PingStats): number | undefined {
  const sent = stats.received + stats.lost
  return sent === 0 ? undefined : stats.lost / sent
}

function nextJitter(stats: PingStats, rttMs: number): number {
  if (stats.lastMs === undefined) return 0
  const before = stats.jitterMs ?? 0
  // The gain of RFC 3550 once there are enough differences; the plain mean before, which does not start out near zero.
  return before + (Math.abs(rttMs - stats.lastMs) - before) / Math.min(stats.received, JITTER_GAIN)
}

function keep(samples: PingStats['samples'], sample: number | null): PingStats['samples'] {
  return [...samples.slice(-(SAMPLES_KEPT - 1)), sample]
}
