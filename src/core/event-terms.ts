/** Words and shapes that events are made of. */
import type { SafeText } from './safe-text.ts'

/** The format's version, in every event as `v`. */
export const EVENT_VERSION = 1

/** How we know of a peer. */
export const SOURCES = ['mdns', 'inbound', 'dialed', 'known', 'dht', 'bootstrap'] as const
/** One of {@link SOURCES}. */
export type Source = (typeof SOURCES)[number]

/** What a warning is about. A later warning on the same topic replaces an earlier one. */
export const WARNING_TOPICS = [
  'mdns',
  'identity',
  'datastore',
  'plans',
  'listen',
  'peers',
  'node',
  'dht',
  'relay',
  'upnp',
  'limits',
  'log',
  'offenders',
  'descriptors',
] as const
/** One of {@link WARNING_TOPICS}. */
export type WarningTopic = (typeof WARNING_TOPICS)[number]

/** How this node came to know of one of its addresses. */
export const HOW_LEARNED = ['listening', 'announced', 'observed', 'guessed', 'upnp', 'relay'] as const
/** One of {@link HOW_LEARNED}. */
export type HowLearned = (typeof HOW_LEARNED)[number]

/** What can be asked of the DHT; the names are those of the commands. */
export const QUERIES = ['find', 'closest', 'provide', 'providers', 'put', 'get'] as const
/** One of {@link QUERIES}. */
export type Query = (typeof QUERIES)[number]

/** Bytes since the start, and bytes per second over the last sample. */
export interface Traffic {
  bytesIn: number
  bytesOut: number
  rateIn: number
  rateOut: number
}

/** An identifier of a request, a connection or a stream. */
export type Id = SafeText
