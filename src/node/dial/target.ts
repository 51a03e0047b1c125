import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeAddress, safeText, say } from '../../core/safe-text.ts'
import { partProblem } from '../check-multiaddr.ts'
import { explain } from '../errors/explain.ts'

/** Whom to dial: an address, or a peer whose addresses are looked up. */
export interface Target {
  /** What libp2p is given. Never text: libp2p does not take any. */
  dial: Multiaddr | Multiaddr[] | PeerId
  /** The peer, when the target names one. */
  peerId: PeerId | undefined
  /** True: an address was given; false: a Peer ID alone. */
  hasAddress: boolean
  /** The target in its usual form. */
  text: SafeText
  /** Two targets with the same key are the same dial; unlike the text it is never cut. */
  key: string
}

const EXAMPLES = say`Give a multiaddr like /ip4/192.168.1.2/tcp/4001, or a Peer ID like 12D3KooW...`

/** host:port, as most other programs write addresses. */
const HOST_AND_PORT = /^(\[[\da-f:.]+\]|[\w.-]+):(\d{1,5})$/i

/**
 * Reads a multiaddr, with or without a Peer ID, or a Peer ID.
 *
 * @throws {RequestFailed} at stage `target`
 */
export function parseTarget(words: string): Target {
  const text = words.trim()
  if (text.startsWith('/')) return parseAddress(text)
  const hostAndPort = HOST_AND_PORT.exec(text)
  if (hostAndPort !== null) throw notTarget(say`${safeText(text)} is not a multiaddr`, written(hostAndPort))
  const peerId = parsePeerId(text)
  if (peerId !== undefined) return ofPeer(peerId)
  if (text === '') throw notTarget(say`No target given`)
  throw notTarget(say`${safeText(text)} is neither a multiaddr nor a Peer ID`)
}

/** The Peer ID that a text stands for; undefined if it does not. */
export function parsePeerId(text: string): PeerId | undefined {
  try {
    return peerIdFromString(text)
  } catch {
    return undefined
  }
}

/**
 * A peer at some of its addresses.
 *
 * @throws {RequestFailed} at stage `target`: one of them is no multiaddr
 */
export function targetAt(peerId: PeerId, addresses: readonly string[]): Target {
  const dial = addresses.flatMap(address => parseAddress(address).dial as Multiaddr)
  return { ...ofPeer(peerId), dial, key: addresses.join(' ') }
}

function parseAddress(text: string): Target {
  let address: Multiaddr
  let components: ReturnType<Multiaddr['getComponents']>
  try {
    address = multiaddr(text)
    components = address.getComponents()
  } catch (error) {
    throw new RequestFailed(explain(error, { stage: 'target' }), { cause: error })
  }
  if (components.length === 0) throw notTarget(say`${safeText(text)} names neither an address nor a peer`)
  const problem = partProblem(address.toString())
  if (problem !== undefined) throw notTarget(problem)
  const name = components.findLast(component => component.name === 'p2p')?.value
  // The multiaddr library takes any text after /p2p/; libp2p would only trip over it in the middle of the dial.
  const peerId = name === undefined ? undefined : parsePeerId(name)
  if (name !== undefined && peerId === undefined) {
    throw notTarget(say`${safeText(name)} is not a Peer ID`, say`Copy the whole of it: 12D3KooW... or Qm...`)
  }
  if (peerId !== undefined && components.length === 1) return ofPeer(peerId)
  const key = address.toString()
  return { dial: address, peerId, hasAddress: true, text: safeAddress(key), key }
}

function ofPeer(peerId: PeerId): Target {
  const key = peerId.toString()
  return { dial: peerId, peerId, hasAddress: false, text: safeText(key), key }
}

function written([, host = '', port = '']: RegExpExecArray): SafeText {
  const kind = host.startsWith('[') ? say`ip6` : /^[\d.]+$/.test(host) ? say`ip4` : say`dns4`
  return say`Write it as /${kind}/${safeText(host.replace(/[[\]]/g, ''))}/tcp/${safeText(port)}`
}

function notTarget(cause: SafeText, hint = EXAMPLES): RequestFailed {
  return new RequestFailed({ stage: 'target', cause, hint })
}
