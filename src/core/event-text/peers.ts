import type { Source } from '../events.ts'
import { plural, shortPeerId } from '../format.ts'
import { type SafeText, safeText, say } from '../safe-text.ts'
import type { Tellers } from './telling.ts'

/** Peers: heard, expired, identified, forgotten. */
export const peerTellers: Tellers<'peer'> = {
  'peer:discovered': ({ peerId, source, addresses }) => [
    'good',
    say`${shortPeerId(peerId)} ${FOUND[source]}${at(addresses)}`,
  ],
  'peer:refreshed': ({ peerId, source, addresses }) => [
    'dim',
    say`${shortPeerId(peerId)} ${FOUND[source]} again${at(addresses)}`,
  ],
  'peer:expired': ({ peerId, source, reason }) => [
    'warn',
    say`${shortPeerId(peerId)} ${EXPIRED[reason]} (${safeText(source)})`,
  ],
  'peer:identified': ({ peerId, agentVersion, protocols }) => [
    'plain',
    say`${shortPeerId(peerId)} is ${agentVersion ?? say`an unnamed agent`}, ${plural(protocols.length, say`protocol`, say`protocols`)}`,
  ],
  'peer:unidentified': ({ peerId, cause }) => [
    'warn',
    say`${shortPeerId(peerId)} did not identify itself: ${cause}`,
  ],
  'peer:updated': ({ peerId, protocols, addresses }) => [
    'dim',
    say`${shortPeerId(peerId)} updated: ${plural(protocols.length, say`protocol`, say`protocols`)}, ${plural(addresses.length, say`address`, say`addresses`)}`,
  ],
  'peer:forgotten': ({ peerId, asked }) => [
    'dim',
    say`${shortPeerId(peerId)} forgotten${asked === true ? say`` : say` to make room`}`,
  ],
}

const FOUND: Readonly<Record<Source, SafeText>> = {
  mdns: say`heard on the local network`,
  inbound: say`dialed us`,
  dialed: say`found by dialing`,
  known: say`known from an earlier run`,
  dht: say`found in the DHT`,
  bootstrap: say`given to begin with`,
}

function at([first, ...others]: readonly SafeText[]): SafeText {
  if (first === undefined) return say``
  return others.length === 0 ? say` at ${first}` : say` at ${first} and ${others.length} more`
}

const EXPIRED = {
  ttl: say`expired: not heard in time`,
  goodbye: say`left: it said goodbye`,
  room: say`expired: others are announced in its place`,
}
