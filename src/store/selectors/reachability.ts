import { plural } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { SwarmState } from '../swarm/state.ts'
import { peerLabel } from './peer-label.ts'

/** Whether strangers can dial this node, and why that is what we think. */
export interface Reachability {
  /** reachable: somebody did; relayed: only through a relay; unreachable: somebody tried in vain; unknown: nobody tried. */
  verdict: 'reachable' | 'relayed' | 'unreachable' | 'unknown'
  /** One sentence. */
  text: SafeText
  /** What it rests on, and what to do about it: short sentences, for the narrowest screen. */
  reasons: readonly SafeText[]
}

/** What the checks of others (AutoNAT) and our reservations amount to. */
export function reachabilityOf(swarm: SwarmState): Reachability {
  const own = [...swarm.ownAddresses.values()]
  const open = own.find(({ reachable }) => reachable === true)
  if (open !== undefined) {
    const by = open.checkedBy === undefined ? say`somebody` : peerLabel(swarm, open.checkedBy)
    return {
      verdict: 'reachable',
      text: say`Reachable from outside`,
      reasons: [say`${by} dialed us`, say`at ${open.address}`],
    }
  }
  const closed = own.filter(({ reachable }) => reachable === false).length
  const tried =
    closed === 0
      ? say`nobody tried to dial us directly`
      : say`${plural(closed, say`address`, say`addresses`)} tried from outside: closed`
  if (swarm.relays.size > 0) {
    const relays = plural(swarm.relays.size, say`relay`, say`relays`)
    return { verdict: 'relayed', text: say`Reachable through ${relays}`, reasons: [tried] }
  }
  if (closed > 0) {
    return {
      verdict: 'unreachable',
      text: say`Not reachable from outside`,
      reasons: [tried, say`a NAT or a firewall is in between`, say`a reservation at a relay would help`],
    }
  }
  return {
    verdict: 'unknown',
    text: say`Not known whether others get in`,
    reasons:
      own.length === 0
        ? [say`no peer has told where it sees us`, say`no relay reserves for us`]
        : [say`${plural(own.length, say`address`, say`addresses`)} known, none tried yet`],
  }
}
