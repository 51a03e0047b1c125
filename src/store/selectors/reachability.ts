import { endpointOf } from '../../core/address.ts'
import { plural } from '../../core/format.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { OwnAddress } from '../../core/swarm.ts'
import type { SwarmState } from '../swarm/state.ts'
import { shownName } from './shown-name.ts'

/** Whether strangers can dial this node, and why that is what we think. */
export interface Reachability {
  /** reachable: somebody did; relayed: only through a relay; unreachable: somebody tried and failed; unknown: nobody tried. */
  verdict: 'reachable' | 'relayed' | 'unreachable' | 'unknown'
  /** One sentence. */
  text: SafeText
  /** What it rests on, and what to do about it: short sentences, for the narrowest screen. */
  reasons: readonly SafeText[]
}

/** What the checks of others (AutoNAT) and our reservations amount to. */
export function reachabilityOf(swarm: SwarmState): Reachability {
  const own = [...swarm.ownAddresses.values()].filter(({ how }) => how !== 'relay')
  const [best] = own
    .filter(({ reachable }) => reachable === true)
    .sort((a, b) => witnesses(b, true).length - witnesses(a, true).length)
  if (best !== undefined) {
    const against = witnesses(best, false)
    return {
      verdict: 'reachable',
      text: say`Reachable at ${endpointOf(best.address)}`,
      reasons: [
        say`confirmed by ${names(swarm, witnesses(best, true))}`,
        ...(against.length === 0 ? [] : [say`not reached by ${names(swarm, against)}`]),
      ],
    }
  }
  const closed = own.filter(({ reachable }) => reachable === false)
  if (swarm.relays.size > 0) {
    return {
      verdict: 'relayed',
      text: say`Reachable through ${plural(swarm.relays.size, say`relay`, say`relays`)}`,
      reasons: closed.length === 0 ? untried(swarm, own) : [...inVain(swarm, closed)],
    }
  }
  if (closed.length > 0) {
    return {
      verdict: 'unreachable',
      text: say`Nobody could reach us: behind a NAT?`,
      reasons: [...inVain(swarm, closed), ...remedies(swarm)],
    }
  }
  const asks = swarm.autonat?.asks === true
  return {
    verdict: 'unknown',
    text: asks ? say`Not known yet if peers can dial us` : say`Not known: no peer asked (--autonat)`,
    reasons: untried(swarm, own),
  }
}

function inVain(swarm: SwarmState, closed: readonly OwnAddress[]): SafeText[] {
  return closed.map(
    own => say`${endpointOf(own.address)}: not reached by ${names(swarm, witnesses(own, false))}`,
  )
}

/** Why nobody has tried. */
function untried({ autonat }: SwarmState, own: readonly OwnAddress[]): SafeText[] {
  if (own.length === 0) {
    return [say`no public address is known yet`, say`peers on other networks report it`]
  }
  const known = say`${plural(own.length, say`address`, say`addresses`)} known, none tried yet`
  return autonat?.asks === true
    ? [known, say`waiting for a peer with AutoNAT to try`]
    : [known, say`--autonat asks peers to try`]
}

/** What would help, without what was tried. */
function remedies({ upnp }: SwarmState): SafeText[] {
  return [
    ...(upnp === undefined ? [say`try --upnp: the router may open a port`] : []),
    say`or forward a port, and --announce it`,
    say`or reserve at a relay (:reserve)`,
  ]
}

function witnesses({ checks }: OwnAddress, reachable: boolean): (SafeText | undefined)[] {
  return checks.filter(check => check.reachable === reachable).map(({ peerId }) => peerId)
}

function names(swarm: SwarmState, peers: readonly (SafeText | undefined)[]): SafeText {
  const labels = peers.map(peerId => (peerId === undefined ? say`somebody` : shownName(swarm, peerId)))
  const last = labels.at(-1) ?? say`somebody`
  return labels.length < 2 ? last : say`${joinSafe(labels.slice(0, -1), ', ')} and ${last}`
}
