import type { SafeText } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { CommandContext } from '../command.ts'
import { watchSwarm } from '../wait.ts'

/** A peer that does not say who it is is not waited for any longer, in ms. */
const IDENTIFIED_WITHIN_MS = 5000
/** Figures of a new connection come within the next sample, in ms. */
const MEASURED_WITHIN_MS = 1500

/** The swarm once all of these have said who they are, or have had time to. */
export async function identified(peers: readonly SafeText[], context: CommandContext): Promise<SwarmState> {
  return await once(IDENTIFIED_WITHIN_MS, context, swarm => !peers.some(peerId => isBusy(swarm, peerId)))
}

/** The swarm once it is known what all connections to these have carried. */
export async function measured(peers: readonly SafeText[], context: CommandContext): Promise<SwarmState> {
  return await once(MEASURED_WITHIN_MS, context, ({ connections }) =>
    [...connections.values()]
      .filter(({ peerId }) => peers.includes(peerId))
      .every(({ bytesIn, bytesOut }) => bytesIn + bytesOut > 0),
  )
}

/** The swarm as soon as `holds`, or as it is when the time is up. */
async function once(
  ms: number,
  context: CommandContext,
  holds: (swarm: SwarmState) => boolean,
): Promise<SwarmState> {
  const found = await watchSwarm(context, ms, swarm => (holds(swarm) ? swarm : undefined))
  return found ?? context.swarm()
}

function isBusy({ peers }: SwarmState, peerId: SafeText): boolean {
  const peer = peers.get(peerId)
  return peer !== undefined && peer.connectionIds.length > 0 && ['none', 'pending'].includes(peer.identify)
}
