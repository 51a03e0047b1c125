/** From the words a person uses for a peer to what the node can dial. */
import { peerName } from '../core/format.ts'
import { joinSafe, type SafeText, safeMessage, safeText, say } from '../core/safe-text.ts'
import type { Peer } from '../core/swarm.ts'
import { dialable } from '../store/selectors/node-rows.ts'
import type { SwarmState } from '../store/swarm/state.ts'
import { connectFirst } from './alone/connect-first.ts'
import type { CommandContext } from './command.ts'
import { failed } from './fail.ts'
import { watchSwarm } from './wait.ts'

/** Whom a command is about: what to dial, and the Peer ID where that is known. */
export interface Target {
  /** A multiaddr or a Peer ID: what a dial takes. */
  dial: SafeText
  /** Absent for a multiaddr that does not say who is there. */
  peerId?: SafeText
}

/** A Peer ID as text: base58 of an Ed25519, secp256k1 or hashed key, or a CIDv1 of one. */
const PEER_ID =
  /^(?:(?:12D3KooW|16Uiu2HA)[1-9A-HJ-NP-Za-km-z]{40,46}|Qm[1-9A-HJ-NP-Za-km-z]{44}|bafz[a-z2-7]{50,70})$/
const LAST_PEER_ID = /\/p2p\/([^/]+)\/?$/
const ELLIPSIS = '…'
/** A slip of a finger should not hang up on somebody. */
const LEAST_PART = 3
/** How many of several matches are named. */
const NAMED = 4

/**
 * The target that `text` means: `@` the selected peer, a multiaddr, a Peer ID, a pet name, or a part of one peer's Peer
 * ID, name or address that no other has. A whole name comes before a part of anything. Peer IDs may be as the screen shows them (`…Kz8f3aQd`). `undefined`: nobody known.
 *
 * @throws {RequestFailed} at stage `target`: no peer is selected, several peers match, or the part is too short
 */
export function findTarget(
  text: string,
  swarm: SwarmState,
  selected: SafeText | undefined,
): Target | undefined {
  if (text === '@') return ofSelected(selected)
  if (text.startsWith('/')) return ofMultiaddr(text)
  if (PEER_ID.test(text)) return ofPeer(safeText(text))
  const named = byName(text, swarm.peers.values())
  if (named !== undefined) return ofPeer(named.peerId)
  if (text.replace(ELLIPSIS, '').length < LEAST_PART) throw tooShort(text)
  const matches = matching(text, swarm.peers.values())
  const [only, ...others] = matches
  if (only === undefined) return undefined
  if (others.length > 0) throw ambiguous(text, matches)
  return ofPeer(only.peerId)
}

/**
 * {@link findTarget} among the peers known now. A command that the program was started for waits for a peer to be
 * heard first.
 *
 * @throws {RequestFailed} at stage `target`: nobody, or more than one, is meant
 */
export async function resolveTarget(text: string, context: CommandContext): Promise<Target> {
  const { oneShot } = context
  const found = findTarget(text, context.swarm(), context.selected())
  // With a DHT the dial looks the peer up by itself.
  const findable = context.swarm().dht !== undefined
  const offline = oneShot?.waitForPeerMs === 0
  if (found !== undefined && (oneShot === undefined || isAddress(text) || findable || offline)) {
    if (findable && !isAddress(text)) await connectFirst(context)
    return found
  }
  if (oneShot !== undefined && !offline) {
    const heard = await watchSwarm(context, oneShot.waitForPeerMs, swarm => {
      const target = findTarget(text, swarm, undefined)
      const peer = target?.peerId === undefined ? undefined : swarm.peers.get(target.peerId)
      return peer === undefined || peer.addresses.length === 0 ? undefined : target
    })
    if (heard !== undefined) return heard
  }
  if (context.signal.aborted) throw failed('request', say`Cancelled`, say`Ask again when you like`)
  throw failed(
    'target',
    oneShot === undefined || offline
      ? say`No known peer is called "${safeText(text)}"`
      : say`"${safeText(text)}" was not heard within ${Math.round(oneShot.waitForPeerMs / 1000)} s`,
    offline
      ? say`Give a whole Peer ID, or see who is known: p2p-tui peers`
      : say`Give an address like /ip4/192.168.1.2/tcp/4001, a Peer ID, or a part of one that was heard. Names that you gave are known with --profile <name>`,
  )
}

/**
 * Where {@link resolveTarget} is to be found, with its Peer ID at the end; the Peer ID alone when no address is known.
 *
 * @throws {RequestFailed} at stage `target`: nobody, or more than one, is meant
 */
export async function addressOf(text: string, context: CommandContext): Promise<SafeText> {
  const { dial, peerId } = await resolveTarget(text, context)
  if (peerId === undefined || dial !== peerId) return dial
  return dialable(context.swarm(), peerId) ?? peerId
}

/**
 * {@link resolveTarget} where a peer is meant, and not just an address.
 *
 * @throws {RequestFailed} at stage `target`: nobody, or more than one, is meant, or an address does not say who
 */
export async function resolvePeer(text: string, context: CommandContext): Promise<SafeText> {
  const { peerId } = await resolveTarget(text, context)
  if (peerId !== undefined) return peerId
  throw failed(
    'target',
    say`That address does not say which peer is meant`,
    say`Give a Peer ID, or an address with /p2p/ at its end`,
  )
}

/** Does the target say clearly where to dial, without hearing of anybody first? */
export function isAddress(text: string): boolean {
  return text.startsWith('/') && !/^\/(p2p|ipfs)\/[^/]+\/?$/.test(text)
}

function ofSelected(selected: SafeText | undefined): Target {
  if (selected !== undefined) return ofPeer(selected)
  throw failed('target', say`No peer is selected`, say`Select one in the list of peers, or name it`)
}

function ofPeer(peerId: SafeText): Target {
  return { dial: peerId, peerId }
}

function ofMultiaddr(text: string): Target {
  const peerId = LAST_PEER_ID.exec(text)?.[1]
  // Only a Peer ID: the node looks its addresses up.
  if (peerId !== undefined && !isAddress(text)) return ofPeer(safeText(peerId))
  const dial = safeMessage(text)
  return peerId === undefined ? { dial } : { dial, peerId: safeText(peerId) }
}

/** Whoever has that name; in another case too, if only one has. */
function byName(text: string, peers: readonly Peer[]): Peer | undefined {
  const words = text.normalize('NFC')
  const lower = words.toLowerCase()
  const alike = peers.filter(({ name }) => name?.toLowerCase() === lower)
  return alike.find(({ name }) => name === words) ?? (alike.length === 1 ? alike[0] : undefined)
}

/** The best kind of match decides: the whole id, a part of it or of a name, one whatever the case, a part of an address. */
function matching(text: string, peers: readonly Peer[]): readonly Peer[] {
  const [head = '', tail] = text.split(ELLIPSIS)
  const lower = text.toLowerCase()
  const kinds: ((peer: Peer) => boolean)[] =
    tail === undefined
      ? [
          peer => peer.peerId === text,
          peer => peer.peerId.includes(text) || peer.name?.includes(text) === true,
          peer =>
            peer.peerId.toLowerCase().includes(lower) || peer.name?.toLowerCase().includes(lower) === true,
          peer => peer.addresses.some(address => address.toLowerCase().includes(lower)),
        ]
      : [peer => peer.peerId.startsWith(head) && peer.peerId.endsWith(tail)]
  for (const fits of kinds) {
    const found = peers.filter(fits)
    if (found.length > 0) return found
  }
  return []
}

function tooShort(text: string): Error {
  return failed(
    'target',
    say`"${safeText(text)}" is too short to name a peer`,
    say`Write at least ${LEAST_PART} characters of its Peer ID or address, or @ for the selected peer`,
  )
}

function ambiguous(text: string, matches: readonly Peer[]): Error {
  const names = matches.slice(0, NAMED).map(peerName)
  const more = matches.length - names.length
  return failed(
    'target',
    say`"${safeText(text)}" could be any of ${matches.length} peers: ${joinSafe(names, ', ')}${more > 0 ? say` and ${more} more` : say``}`,
    say`Write more of it, until only one matches`,
  )
}
