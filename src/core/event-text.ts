/** What happened, in a line for people: the log of the screen and the lines without one. */

import { failedFirst } from './dial-others.ts'
import { keepingTellers } from './event-text/keeping.ts'
import { limitTellers } from './event-text/limits.ts'
import { reachTellers } from './event-text/reach.ts'
import { relayTellers } from './event-text/relays.ts'
import { routingTellers } from './event-text/routing.ts'
import { more, type Tone, why } from './event-text/telling.ts'
import type { NodeEvent, NodeEventType, Source } from './events.ts'
import { formatBytes, formatDuration, formatMs, formatRate, plural, shortPeerId } from './format.ts'
import { joinSafe, type SafeText, safeText, say } from './safe-text.ts'

export type { Tone }

/** What an event is about, for the log's column and its filter. */
export const EVENT_KINDS = [
  'node',
  'listen',
  'peer',
  'dial',
  'conn',
  'stream',
  'ping',
  'relay',
  'dht',
  'warn',
] as const
type EventKind = (typeof EVENT_KINDS)[number]

/** An event as a person reads it. */
export interface EventText {
  kind: EventKind
  tone: Tone
  text: SafeText
  /** The peer that it is about, in full; the text has its short form. */
  peerId?: SafeText
}

type Told = readonly [Tone, SafeText]
type Tellers = { readonly [T in NodeEventType]: (event: NodeEvent<T>) => Told }

const KINDS: Readonly<Record<string, EventKind>> = {
  node: 'node',
  listen: 'listen',
  peer: 'peer',
  dial: 'dial',
  connection: 'conn',
  stream: 'stream',
  ping: 'ping',
  traffic: 'node',
  warning: 'warn',
  relay: 'relay',
  circuit: 'relay',
  punch: 'relay',
  address: 'listen',
  upnp: 'listen',
  autonat: 'listen',
  routing: 'dht',
  query: 'dht',
  name: 'peer',
  keep: 'peer',
  limits: 'node',
}

/** Events that come all the time and say little: they are no lines of a log. */
export const QUIET_EVENTS: ReadonlySet<NodeEventType> = new Set([
  'traffic:sampled',
  'peer:refreshed',
  'peer:updated',
  'routing:added',
  'routing:removed',
  'routing:refreshed',
  'circuit:measured',
  'limits:set',
  'limits:sampled',
])

/** A line for an event of any type. Says why wherever something ended or failed. Pure. */
export function describeEvent(event: NodeEvent): EventText {
  const [tone, text] = (TELLERS[event.type] as (event: NodeEvent) => Told)(event)
  const [noun = ''] = event.type.split(':')
  const told: EventText = { kind: KINDS[noun] ?? 'node', tone, text }
  return 'peerId' in event && event.peerId !== undefined ? { ...told, peerId: event.peerId } : told
}

const TELLERS: Tellers = {
  'node:started': ({ peerId, agentVersion, profile }) => [
    'good',
    say`started as ${peerId} (${agentVersion}), ${profile === undefined ? say`ephemeral identity` : say`profile ${profile}`}`,
  ],
  'node:stopped': ({ reason }) => ['warn', say`stopped: ${reason}`],

  'listen:opened': ({ address }) => ['good', say`listening on ${address}`],
  'listen:closed': ({ address }) => ['warn', say`no longer listening on ${address}`],
  'listen:failed': event => ['bad', say`cannot listen on ${event.address}: ${why(event)}`],

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
    reason === 'goodbye'
      ? say`${shortPeerId(peerId)} left: it said goodbye (${safeText(source)})`
      : say`${shortPeerId(peerId)} expired: not heard in time (${safeText(source)})`,
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

  'dial:started': ({ target }) => ['plain', say`dialing ${target}`],
  'dial:progressed': ({ target, stage, elapsedMs, detail }) => [
    'dim',
    say`${safeText(stage)} after ${formatMs(elapsedMs)}: ${detail ?? target}`,
  ],
  'dial:succeeded': ({ peerId, address, durationMs, existing, others }) => [
    'good',
    existing
      ? say`already connected to ${shortPeerId(peerId)} over ${address}`
      : say`dialed ${shortPeerId(peerId)} over ${address} in ${formatMs(durationMs)}${failedFirst(others)}`,
  ],
  'dial:failed': event => [
    'bad',
    say`cannot dial ${event.target}: ${why(event)}${tried(event.attempts.length)}`,
  ],

  'connection:opened': event => [
    'good',
    say`${shortPeerId(event.peerId)} connected, ${safeText(event.direction)} over ${event.address} (${joinSafe([event.transport, event.encryption, event.muxer], ', ')}${relayed(event)})`,
  ],
  'connection:closed': ({ peerId, reason, durationMs, bytesIn, bytesOut }) => [
    'warn',
    say`${shortPeerId(peerId)} disconnected after ${formatDuration(durationMs)}: ${reason} (in ${formatBytes(bytesIn)}, out ${formatBytes(bytesOut)})`,
  ],
  'connection:refused': ({ direction, peerId, address, reason, count }) => [
    'bad',
    say`refused ${safeText(direction)} connection ${direction === 'inbound' ? say`from` : say`to`} ${party(peerId, address)}: ${reason}${more(count)}`,
  ],
  'connection:pruned': ({ peerId, reason }) => ['warn', say`${shortPeerId(peerId)} pruned: ${reason}`],

  'connection:upgraded': ({ peerId }) => [
    'good',
    say`${shortPeerId(peerId)} is connected directly now, no longer through a relay`,
  ],

  'stream:opened': ({ peerId, protocol, direction }) => [
    'dim',
    say`${shortPeerId(peerId)} ${protocol} opened, ${safeText(direction)}`,
  ],
  'stream:closed': ({ peerId, protocol, reason, bytesIn, bytesOut }) => [
    'dim',
    say`${shortPeerId(peerId)} ${protocol} closed: ${reason} (in ${formatBytes(bytesIn)}, out ${formatBytes(bytesOut)})`,
  ],

  'ping:started': ({ peerId, intervalMs }) => [
    'plain',
    say`pinging ${shortPeerId(peerId)} every ${formatDuration(intervalMs)}`,
  ],
  'ping:stopped': ({ peerId }) => ['plain', say`no longer pinging ${shortPeerId(peerId)}`],
  'ping:succeeded': ({ peerId, rttMs, cold }) => [
    'plain',
    say`${shortPeerId(peerId)} answered in ${formatMs(rttMs)}${cold ? say` (first on its stream)` : say``}`,
  ],
  'ping:failed': ({ peerId, kind, cause }) => [
    kind === 'unsupported' ? 'warn' : 'bad',
    say`${shortPeerId(peerId)} did not answer: ${cause} (${safeText(kind)})`,
  ],
  'ping:answered': ({ peerId }) => ['dim', say`answered a ping of ${shortPeerId(peerId)}`],

  'traffic:sampled': ({ total, periodMs }) => [
    'dim',
    say`traffic in ${formatRate(total.rateIn)}, out ${formatRate(total.rateOut)} over ${formatDuration(periodMs)}`,
  ],

  ...relayTellers,
  ...reachTellers,
  ...routingTellers,
  ...keepingTellers,
  ...limitTellers,

  'warning:raised': ({ topic, cause, hint }) => ['warn', say`${safeText(topic)}: ${cause}. ${hint}`],
  'warning:cleared': ({ topic }) => ['good', say`${safeText(topic)}: no longer a problem`],
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

function relayed(event: NodeEvent<'connection:opened'>): SafeText {
  if (event.relayed !== true) return say``
  const limits = [
    ...(event.limitBytes === undefined ? [] : [formatBytes(event.limitBytes)]),
    ...(event.limitMs === undefined ? [] : [formatDuration(event.limitMs)]),
  ]
  return limits.length === 0 ? say`, relayed` : say`, relayed for ${joinSafe(limits, ', ')}`
}

function tried(attempts: number): SafeText {
  return attempts < 2 ? say`` : say` (${attempts} addresses tried)`
}

function party(peerId: SafeText | undefined, address: SafeText | undefined): SafeText {
  const parts = [peerId === undefined ? undefined : shortPeerId(peerId), address]
  const known = parts.filter(part => part !== undefined)
  return known.length === 0 ? say`someone unknown` : joinSafe(known, ' ')
}
