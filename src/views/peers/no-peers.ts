import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Store } from '../../store/store.ts'

const BY_HAND = say`:dial <multiaddr> connects by hand.`

/** What an empty list of peers means, and what to do about it. */
export function noPeersText(store: Store, mdns: boolean): SafeText[] {
  const { node, peers, warnings } = store.swarm
  const { filter } = store.screen.peers
  if (peers.size > 0) {
    return [say`No peer matches /${safeText(filter)}`, say`Esc clears the filter.`]
  }
  if (node.status === 'starting') return [say`Starting the node…`]
  if (node.status === 'stopped') return [say`The node has stopped.`]
  if (!mdns) return [say`No peers yet. Discovery on the local network is off (--no-mdns).`, BY_HAND]
  const warning = warnings.get('mdns')
  if (warning !== undefined) {
    return [say`Nobody can be heard on the local network: ${warning.cause}`, warning.hint, BY_HAND]
  }
  return [say`No peers heard yet. Asking on the local network each 10 s.`, BY_HAND]
}
