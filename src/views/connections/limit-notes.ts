import { formatCount, plural } from '../../core/format.ts'
import { limitName } from '../../core/limit-terms.ts'
import { joinSafe, say } from '../../core/safe-text.ts'
import { nearlyFull, refusalsOf } from '../../store/selectors/limit-use.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Span } from '../../ui/spans.ts'

/** How many connections there are of how many there may be. `shown`: how many a filter lets through. */
export function countNote(swarm: SwarmState, shown: number): Span {
  const { connections, limits } = swarm
  const all = connections.size
  if (limits === undefined) {
    return { text: shown === all ? say`${all}` : say`${shown} of ${all}`, style: 'dim' }
  }
  const use = say`${formatCount(all)} of ${formatCount(limits.most.connections)}`
  const text = shown === all ? use : say`${shown} shown, ${use}`
  return { text, style: nearlyFull(swarm) ? 'warn' : 'dim' }
}

/** Handshakes under way, and what each limit has refused; nothing while there is nothing of it. */
export function limitNotes(swarm: SwarmState): Span[] {
  const pending = swarm.limits?.used.pending ?? 0
  const refused = refusalsOf(swarm).map(([limit, count]) => say`${formatCount(count)} ${limitName(limit)}`)
  return [
    ...(pending === 0
      ? []
      : [{ text: plural(pending, say`handshake`, say`handshakes`), style: 'dim' } as const]),
    ...(refused.length === 0
      ? []
      : [{ text: say`refused ${joinSafe(refused, ', ')}`, style: 'warn' } as const]),
  ]
}
