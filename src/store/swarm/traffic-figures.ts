import type { Traffic } from '../../core/events.ts'

/** The figures before anything was sent or received. */
export const NO_TRAFFIC: Traffic = { bytesIn: 0, bytesOut: 0, rateIn: 0, rateOut: 0 }

/** Only the four figures of something that carries more. */
export function trafficOf({ bytesIn, bytesOut, rateIn, rateOut }: Traffic): Traffic {
  return { bytesIn, bytesOut, rateIn, rateOut }
}

/** Slower than this, in bytes a second, nothing flows but the asking whether a connection still stands. */
const LEAST_FLOW = 100

/**
 * A rate as it is worth a look: none below what keeps a connection alive. With yamux that is some 60 bytes each half
 * minute and connection, which would make a screen restless and mean nothing.
 */
export function flowOf(rate: number): number {
  return rate < LEAST_FLOW ? 0 : rate
}
