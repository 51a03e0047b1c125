import type { Traffic } from '../../core/events.ts'

/** The figures before anything was sent or received. */
export const NO_TRAFFIC: Traffic = { bytesIn: 0, bytesOut: 0, rateIn: 0, rateOut: 0 }

/** Only the four figures of something that carries more. */
export function trafficOf({ bytesIn, bytesOut, rateIn, rateOut }: Traffic): Traffic {
  return { bytesIn, bytesOut, rateIn, rateOut }
}
