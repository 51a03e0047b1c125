/** What AutoNAT and UPnP find out about this node, where they were asked to. */
import type { Failure } from '../../core/failure.ts'
import { say } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { CommandContext } from '../command.ts'
import { watchSwarm } from '../wait.ts'

const NOT_TRIED: Failure = {
  stage: 'exchange',
  cause: say`No peer tried to dial this node back`,
  hint: say`Connect to some that serve AutoNAT: as targets or with --bootstrap`,
}
const NO_ROUTER: Failure = {
  stage: 'exchange',
  cause: say`No router answered in time`,
  hint: say`Check that it offers UPnP, or give it more --timeout`,
}

/** The swarm once what was asked for is known, or as it is after `ms`. */
export async function foundOut(ms: number, context: CommandContext): Promise<SwarmState> {
  const known = await watchSwarm(context, ms, swarm =>
    notFoundOut(swarm, context).some(isOpen) ? undefined : swarm,
  )
  return known ?? context.swarm()
}

/** What was asked for and is not known, or did not work. */
export function notFoundOut({ upnp, ownAddresses }: SwarmState, { oneShot }: CommandContext): Failure[] {
  const checks = [...ownAddresses.values()].reduce((sum, own) => sum + own.checks.length, 0)
  return [
    ...(oneShot?.autonat === true && checks === 0 ? [NOT_TRIED] : []),
    ...(oneShot?.upnp === true && upnp === undefined ? [NO_ROUTER] : []),
    ...(upnp?.failure === undefined ? [] : [upnp.failure]),
  ]
}

/** May still become known. */
function isOpen(failure: Failure): boolean {
  return failure === NOT_TRIED || failure === NO_ROUTER
}
