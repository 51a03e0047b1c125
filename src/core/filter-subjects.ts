/** What the filters of the two panes look at. */
import { describeBriefly } from './event-brief.ts'
import { describeEvent, EVENT_KINDS, type EventText } from './event-text.ts'
import { type NodeEvent, SOURCES } from './events.ts'
import type { FilterKey, FilterSubject } from './filter.ts'
import { type LostKind, lostText } from './lost-events.ts'
import { lossRatio } from './ping-stats.ts'
import type { SafeText } from './safe-text.ts'
import type { Connection, Peer } from './swarm.ts'

/** Keys of the log's filter. */
export const LOG_KEYS: readonly FilterKey[] = [
  { name: 'kind', kind: 'text', summary: 'what it is about', values: EVENT_KINDS },
  { name: 'type', kind: 'text', summary: 'type of the event, e.g. dial:failed' },
  { name: 'peer', kind: 'text', summary: 'Peer ID, a part of it, or a name' },
  {
    name: 'tone',
    kind: 'text',
    summary: 'how it went',
    values: ['plain', 'good', 'warn', 'bad', 'dim', 'lost'],
  },
  { name: 'rtt', kind: 'figure', summary: 'RTT of a ping in ms' },
]

/** Keys of the peers' filter. */
export const PEER_KEYS: readonly FilterKey[] = [
  {
    name: 'state',
    kind: 'text',
    summary: 'how near it is',
    values: ['connected', 'heard', 'expired', 'known'],
  },
  { name: 'source', kind: 'text', summary: 'how it came to our notice', values: SOURCES },
  { name: 'id', kind: 'text', summary: 'Peer ID or a part of it' },
  { name: 'name', kind: 'text', summary: 'what you call it' },
  { name: 'agent', kind: 'text', summary: 'what it runs' },
  { name: 'addr', kind: 'text', summary: 'one of its addresses' },
  { name: 'transport', kind: 'text', summary: 'e.g. tcp, quic-v1, ws, from its addresses' },
  { name: 'protocol', kind: 'text', summary: 'a protocol that it speaks' },
  { name: 'rtt', kind: 'figure', summary: 'last RTT in ms' },
  { name: 'loss', kind: 'figure', summary: 'lost pings in percent' },
  { name: 'in', kind: 'figure', summary: 'bytes a second from it' },
  { name: 'out', kind: 'figure', summary: 'bytes a second to it' },
]

/** Keys of the connections' filter. */
export const CONNECTION_KEYS: readonly FilterKey[] = [
  { name: 'peer', kind: 'text', summary: 'Peer ID, a part of it, or a name' },
  { name: 'dir', kind: 'text', summary: 'who opened it', values: ['inbound', 'outbound'] },
  { name: 'transport', kind: 'text', summary: 'e.g. tcp, quic-v1, ws' },
  { name: 'path', kind: 'text', summary: 'how it gets there', values: ['direct', 'relayed'] },
  { name: 'protocol', kind: 'text', summary: 'of one of its streams' },
  { name: 'in', kind: 'figure', summary: 'bytes a second from it' },
  { name: 'out', kind: 'figure', summary: 'bytes a second to it' },
]

/** Keys of each filter, by what it filters. The rows of routing and relays are looked through as text alone. */
export const FILTER_KEYS = {
  peers: PEER_KEYS,
  log: LOG_KEYS,
  connections: CONNECTION_KEYS,
  routing: [],
  relays: [],
} as const satisfies Readonly<Record<string, readonly FilterKey[]>>

/** A line of the log: an event, or the news that some are missing. */
type LogLine =
  | { kind: 'event'; event: NodeEvent }
  | { kind: 'gap'; dropped: number; lost: readonly LostKind[]; time: number }

/** A line of the log as its filter sees it. `name`: what the peer that it is about is called. */
export function logSubject(line: LogLine, name?: SafeText): FilterSubject {
  return line.kind === 'gap' ? gapSubject(line.lost) : new LogSubject(line.event, name)
}

class LogSubject implements FilterSubject {
  readonly #event: NodeEvent
  readonly #name: SafeText | undefined
  #told: EventText | undefined
  #text: string | undefined

  constructor(event: NodeEvent, name: SafeText | undefined) {
    this.#event = event
    this.#name = name
  }

  /** Both wordings: whichever is on screen, what one reads there can be searched for. */
  text(): string {
    this.#text ??= this.#words().toLowerCase()
    return this.#text
  }

  values(key: string): readonly (string | number)[] {
    const values = present(LOG_VALUES[key]?.(this.#event, this.#tell()))
    return key === 'peer' && this.#name !== undefined ? [...values, this.#name] : values
  }

  #words(): string {
    const event = this.#event
    const told = this.#tell()
    return `${told.kind} ${event.type} ${told.text} ${told.peerId ?? ''} ${this.#name ?? ''} ${describeBriefly(event, told).text}`
  }

  #tell(): EventText {
    this.#told ??= describeEvent(this.#event)
    return this.#told
  }
}

/** Missing events may have been of any kind: only asking for it, or for what is named there, finds or hides the line. */
function gapSubject(lost: readonly LostKind[]): FilterSubject {
  return {
    text: () => `events lost ${lostText(lost)}`.toLowerCase(),
    values: key => (key === 'tone' ? ['lost'] : []),
  }
}

type LogValue = (event: NodeEvent, told: EventText) => Value
type Value = string | number | undefined | readonly (string | number)[]

const LOG_VALUES: Readonly<Record<string, LogValue>> = {
  kind: (_, told) => told.kind,
  type: event => event.type,
  peer: (_, told) => told.peerId,
  tone: (_, told) => told.tone,
  rtt: event => (event.type === 'ping:succeeded' ? event.rttMs : undefined),
}

/** A row of the peers as its filter sees it. */
export function peerSubject(peer: Peer): FilterSubject {
  return new PeerSubject(peer)
}

class PeerSubject implements FilterSubject {
  readonly #peer: Peer
  #text: string | undefined

  constructor(peer: Peer) {
    this.#peer = peer
  }

  text(): string {
    this.#text ??= wordsOf(this.#peer).toLowerCase()
    return this.#text
  }

  values(key: string): readonly (string | number)[] {
    return present(PEER_VALUES[key]?.(this.#peer))
  }
}

/** Joined by hand: twice as fast as an array, which counts with thousands of peers and a key that waits. */
function wordsOf({ presence, peerId, name, agentVersion, addresses, sightings }: Peer): string {
  let words = `${presence} ${peerId} ${agentVersion ?? ''}`
  for (const address of addresses) words += ` ${address}`
  if (name !== undefined) words += ` ${name}`
  for (const { source } of sightings) words += ` ${source}`
  return words
}

const PEER_VALUES: Readonly<Record<string, (peer: Peer) => Value>> = {
  state: peer => peer.presence,
  source: peer => peer.sightings.map(sighting => sighting.source),
  id: peer => peer.peerId,
  name: peer => peer.name,
  agent: peer => peer.agentVersion,
  addr: peer => peer.addresses,
  transport: peer => peer.addresses.flatMap(transportsOf),
  protocol: peer => peer.protocols,
  rtt: peer => peer.ping.lastMs ?? peer.ping.coldMs,
  loss: peer => {
    const ratio = lossRatio(peer.ping)
    return ratio === undefined ? undefined : ratio * 100
  },
  in: peer => peer.rateIn,
  out: peer => peer.rateOut,
}

/** A connection as its filter sees it, with its streams. `name`: what its peer is called. */
export function connectionSubject(connection: Connection, name?: string): FilterSubject {
  const { peerId, address, direction, transport, encryption, muxer, relayed, streams } = connection
  const protocols = streams.map(({ protocol }) => protocol)
  const path = relayed === true ? 'relayed' : 'direct'
  const values: Readonly<Record<string, readonly (string | number)[]>> = {
    peer: name === undefined ? [peerId] : [peerId, name],
    dir: [direction],
    transport: [transport],
    path: [path],
    protocol: protocols,
    in: [connection.rateIn],
    out: [connection.rateOut],
  }
  return {
    text: () =>
      [peerId, name ?? '', address, direction, transport, encryption, muxer, path, ...protocols]
        .join(' ')
        .toLowerCase(),
    values: key => values[key] ?? [],
  }
}

const TRANSPORTS = /\/(tcp|quic-v1|quic|wss?|webrtc-direct|webrtc|webtransport|p2p-circuit)(?=\/|$)/g

function transportsOf(address: string): string[] {
  return Array.from(address.matchAll(TRANSPORTS), ([, name = '']) => name)
}

function present(value: Value): readonly (string | number)[] {
  if (value === undefined) return []
  return typeof value === 'object' ? value : [value]
}
