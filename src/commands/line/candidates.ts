/** What could be the value of a parameter, with a word on what it is. */
import { formatMs } from '../../core/format.ts'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { ParamKind } from '../command.ts'
import { commandsAt } from '../registry.ts'
import type { Place } from '../usage.ts'
import { connections, listening, provided } from './own-candidates.ts'

/** One way to complete the word at the cursor, with a note on what it is. */
export interface Candidate {
  /** What stands in the line once it is chosen; ends in a blank if the next word may follow. */
  value: string
  note?: SafeText
}

/** What completion knows of the node and the screen. */
export interface Known {
  place: Place
  swarm: SwarmState
  selected: SafeText | undefined
}

/** More would be no help, and a swarm may have tens of thousands. */
const MOST_PEERS = 50

/** How multiaddrs begin. */
const STARTS: readonly Candidate[] = [
  { value: '/ip4/', note: say`an IPv4 address` },
  { value: '/ip6/', note: say`an IPv6 address` },
  { value: '/dns4/', note: say`a name with an IPv4 address` },
  { value: '/dns6/', note: say`a name with an IPv6 address` },
  { value: '/dns/', note: say`a name` },
]
const LISTEN_ADDRESSES: readonly Candidate[] = [
  { value: '/ip4/0.0.0.0/tcp/0 ', note: say`every IPv4 address, any port` },
  { value: '/ip4/127.0.0.1/tcp/0 ', note: say`this machine only` },
  { value: '/ip6/::/tcp/0 ', note: say`every IPv6 address, any port` },
]
const AFTER_HOST = /^(\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+\/)[a-z]*$/
const AFTER_PORT = /^(\/(?:ip4|ip6|dns|dns4|dns6)\/[^/]+\/tcp\/\d+\/)[a-z0-9]*$/

/** The values of a kind that begin with what is typed. */
export function valuesOf(kind: ParamKind, typed: string, known: Known): readonly Candidate[] {
  if (typeof kind !== 'string') return starting(kind.map(word), typed)
  if (kind === 'verb') return starting(verbsOf(known.place), typed)
  if (kind === 'multiaddr') return typed === '' ? LISTEN_ADDRESSES : starting(LISTEN_ADDRESSES, typed)
  if (kind === 'target') return typed.startsWith('/') ? addresses(typed, known) : peers(typed, known)
  if (kind === 'connection') return connections(typed, known.swarm)
  if (kind === 'listening') return starting(listening(known.swarm), typed)
  if (kind === 'provided') return starting(provided(known.swarm), typed)
  return []
}

/** Those that begin with what is typed, whatever the case. */
export function starting(candidates: readonly Candidate[], typed: string): readonly Candidate[] {
  const lower = typed.toLowerCase()
  return candidates.filter(({ value }) => value.toLowerCase().startsWith(lower))
}

/** The verbs of a place. */
export function verbsOf(place: Place): readonly Candidate[] {
  return commandsAt(place).map(({ verb, summary }) => ({ value: `${verb} `, note: safeText(summary) }))
}

function word(value: string): Candidate {
  return { value: `${value} ` }
}

/** Peers whose name begins with the typed text or of whose Peer ID it is a part, the selected and the connected ones first. */
function peers(typed: string, { swarm, selected }: Known): readonly Candidate[] {
  const peer = selected === undefined ? undefined : swarm.peers.get(selected)
  const at: Candidate[] =
    peer === undefined || !'@'.startsWith(typed)
      ? []
      : [{ value: '@ ', note: say`the selected peer, ${noteOn(peer)}` }]
  const part = typed.replace('…', '')
  const lower = typed.toLowerCase()
  const found = swarm.peers
    .values()
    .filter(({ peerId, name }) => peerId.includes(part) || name?.toLowerCase().startsWith(lower) === true)
  const rank = ({ peerId, presence }: Peer) =>
    peerId === selected ? 0 : presence === 'connected' ? 1 : presence === 'heard' ? 2 : 3
  const best = found.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_PEERS)
  return [
    ...at,
    ...best.map(candidate => ({ value: `${wordFor(candidate, lower)} `, note: noteOn(candidate) })),
  ]
}

/** Its name, in quotes where it has blanks, if that may be what is typed; otherwise its Peer ID. */
function wordFor({ name, peerId }: Peer, lower: string): string {
  if (name === undefined || !name.toLowerCase().startsWith(lower)) return peerId
  return name.includes(' ') ? `"${name}"` : name
}

/** Addresses of known peers, and otherwise the next part of one. */
function addresses(typed: string, { swarm }: Known): readonly Candidate[] {
  const known: Candidate[] = []
  for (const peer of swarm.peers.values()) {
    if (known.length >= MOST_PEERS) break
    const fitting = peer.addresses.filter(address => address.startsWith(typed))
    known.push(...fitting.map(address => ({ value: `${address} `, note: noteOn(peer) })))
  }
  return [...known, ...starting([...STARTS, ...nextParts(typed)], typed)]
}

function nextParts(typed: string): readonly Candidate[] {
  const [, host] = AFTER_HOST.exec(typed) ?? []
  if (host !== undefined) return [{ value: `${host}tcp/`, note: say`a TCP port` }]
  const [, port] = AFTER_PORT.exec(typed) ?? []
  return port === undefined ? [] : [{ value: `${port}p2p/`, note: say`the Peer ID that must answer` }]
}

function noteOn({ presence, agentVersion, ping }: Peer): SafeText {
  const rtt = ping.lastMs ?? ping.coldMs
  const parts = [
    safeText(presence),
    ...(agentVersion === undefined ? [] : [agentVersion]),
    ...(rtt === undefined ? [] : [formatMs(rtt)]),
  ]
  return joinSafe(parts, ', ')
}
