import type { AnyLimit } from '../../core/limit-terms.ts'
import type { LimitsInfo } from '../../core/swarm/connections.ts'
import type { SwarmState } from '../swarm/state.ts'

/** From this share of a limit on it is nearly used up. */
const NEAR = 0.9

/** How much of a limit is used now; of those for one host or connection, by the one that uses most. Rates have no use. */
export function limitUse({ limits, connections }: SwarmState, limit: AnyLimit): number | undefined {
  if (limits === undefined) return undefined
  switch (limit) {
    case 'connections':
      return connections.size
    case 'hostRate':
      return undefined
    case 'streams':
      // A stream is told of once its protocol is agreed on; the node counts them from their first frame, once a second.
      return connections.reduce(
        (most, { streams }) =>
          Math.max(most, streams.filter(({ direction }) => direction === 'inbound').length),
        limits.used.streams ?? 0,
      )
    default:
      return (limits.used as { readonly [L in AnyLimit]?: number })[limit]
  }
}

/** How much a limit allows; undefined where that is not told. */
export function limitMost({ most, fixed }: LimitsInfo, limit: AnyLimit): number | undefined {
  return ({ ...fixed, ...most } as { readonly [L in AnyLimit]?: number })[limit]
}

/** Whether nearly all connections that there may be are open, or all that others may open. */
export function nearlyFull({ limits, connections }: SwarmState): boolean {
  if (limits === undefined) return false
  return connections.size >= limits.most.connections * NEAR || limits.used.inbound >= limits.inbound * NEAR
}

/** What each limit has refused since the start, the one that refused most first; those that refused nothing are not there. */
export function refusalsOf({ limits }: SwarmState): [AnyLimit, number][] {
  const refused = Object.entries(limits?.refused ?? {}) as [AnyLimit, number][]
  return refused.sort(([, a], [, b]) => b - a)
}
