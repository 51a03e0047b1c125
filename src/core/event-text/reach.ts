import type { HowLearned } from '../event-terms.ts'
import { shortPeerId } from '../format.ts'
import { type SafeText, say } from '../safe-text.ts'
import { type Tellers, why } from './telling.ts'

/** Where others can reach this node. */
export const reachTellers: Tellers<'address' | 'autonat' | 'upnp'> = {
  'address:learned': ({ address, how, peerId }) => ['plain', say`${LEARNED[how]} ${address}${by(peerId)}`],
  'address:checked': ({ address, reachable, peerId }) => [
    reachable ? 'good' : 'warn',
    say`${address} ${reachable ? say`can be reached` : say`cannot be reached`} from outside${by(peerId)}`,
  ],
  'address:lost': ({ address, reason }) => [
    'warn',
    say`${address} is no address of ours any more: ${reason}`,
  ],
  'autonat:started': ({ asks, answers }) => [
    'plain',
    say`AutoNAT: ${asks ? say`peers are asked to dial us back` : say`nobody is asked to dial us back`}${answers ? say`, those who ask are dialed back` : say``}`,
  ],
  'autonat:asked': ({ peerId, address }) => [
    'dim',
    say`asked ${shortPeerId(peerId)} to dial us at ${address}`,
  ],
  'autonat:refused': ({ peerId, address, cause }) => [
    'dim',
    say`${shortPeerId(peerId)} has not tried ${address}: ${cause}`,
  ],
  'autonat:answered': ({ peerId, address, reachable }) => [
    'plain',
    say`dialed ${shortPeerId(peerId)} back at ${address}, as it asked: ${reachable ? say`reachable` : say`no way in`}`,
  ],
  'upnp:mapped': ({ address, gateway }) => ['good', say`${router(gateway)} forwards ${address} to us`],
  'upnp:unmapped': ({ address, reason }) => ['plain', say`the router forwards ${address} no more: ${reason}`],
  'upnp:failed': event => ['warn', say`the router forwards nothing: ${why(event)}`],
}

const LEARNED: Readonly<Record<HowLearned, SafeText>> = {
  listening: say`listening at the public address`,
  announced: say`announced as told, unchecked:`,
  observed: say`seen from outside at`,
  guessed: say`perhaps reachable from outside at`,
  upnp: say`forwarded by the router at`,
  relay: say`reachable through a relay at`,
}

function router(gateway: SafeText | undefined): SafeText {
  return gateway === undefined ? say`the router` : say`the router ${gateway}`
}

function by(peerId: SafeText | undefined): SafeText {
  return peerId === undefined ? say`` : say`, says ${shortPeerId(peerId)}`
}
