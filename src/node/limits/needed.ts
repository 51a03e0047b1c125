import type { SafeText } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'

/** Whether the connections to a peer are more than chance: a person has plans with it, or a reservation hangs on it. */
export function isNeeded({ peers, relays, granted }: SwarmState, peerId: SafeText): boolean {
  const peer = peers.get(peerId)
  const plans = peer?.name !== undefined || peer?.keep !== undefined || peer?.pingIntervalMs !== undefined
  return plans || relays.has(peerId) || granted.has(peerId)
}
