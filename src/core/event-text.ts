/** What happened, in a line for people: the log of the screen and the lines without one. */
import { connectionTellers } from './event-text/connections.ts'
import { keepingTellers } from './event-text/keeping.ts'
import { limitTellers } from './event-text/limits.ts'
import { peerTellers } from './event-text/peers.ts'
import { pingTellers } from './event-text/pings.ts'
import { reachTellers } from './event-text/reach.ts'
import { relayTellers } from './event-text/relays.ts'
import { routingTellers } from './event-text/routing.ts'
import { more, type Tone, why } from './event-text/telling.ts'
import type { NodeEvent, NodeEventType } from './events.ts'
import { formatCount, formatDuration, formatRate } from './format.ts'
import { lostText } from './lost-events.ts'
import { type SafeText, safeText, say } from './safe-text.ts'

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
  events: 'node',
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
  'limits:offenders',
])

/** Events whose sentence says itself how many they stand for. */
const COUNTED_IN_WORDS: ReadonlySet<NodeEventType> = new Set([
  'ping:answered',
  'connection:closed',
  'stream:closed',
  'events:dropped',
])

/** A line for an event of any type. Says why wherever something ended or failed. Pure. */
export function describeEvent(event: NodeEvent): EventText {
  const [tone, text] = (TELLERS[event.type] as (event: NodeEvent) => Told)(event)
  const [noun = ''] = event.type.split(':')
  const times = COUNTED_IN_WORDS.has(event.type) || !('count' in event) ? undefined : event.count
  const told: EventText = { kind: KINDS[noun] ?? 'node', tone, text: say`${text}${more(times)}` }
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

  'traffic:sampled': ({ total, periodMs }) => [
    'dim',
    say`traffic in ${formatRate(total.rateIn)}, out ${formatRate(total.rateOut)} over ${formatDuration(periodMs)}`,
  ],

  ...peerTellers,
  ...connectionTellers,
  ...pingTellers,
  ...relayTellers,
  ...reachTellers,
  ...routingTellers,
  ...keepingTellers,
  ...limitTellers,

  'warning:raised': ({ topic, cause, hint }) => ['warn', say`${safeText(topic)}: ${cause}. ${hint}`],
  'warning:cleared': ({ topic }) => ['good', say`${safeText(topic)}: no longer a problem`],

  'events:dropped': ({ count, kinds, cause }) => [
    'warn',
    say`${formatCount(count)} ${count === 1 ? say`event is` : say`events are`} missing: ${cause}${kinds.length === 0 ? say`` : say` (most: ${lostText(kinds)})`}`,
  ],
}
