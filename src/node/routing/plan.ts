/** What each kind of query asks the DHT, and what in its answers is a result. */
import type { PeerInfo } from '@libp2p/interface'
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht'
import type { RequestFailed } from '../../core/failure.ts'
import type { Params } from '../../core/requests.ts'
import type { SafeText } from '../../core/safe-text.ts'
import * as failures from './failures.ts'
import { MAX_VALUE_BYTES, MORE_WITHIN_MS } from './limits.ts'
import { mostHeld } from './networks.ts'
import { privateParts } from './private-dht.ts'
import { readCid, readCidOrText, readPeerId, readPlace, readRecordKey } from './subject.ts'

/** A result: peers, or a record's value. */
export interface Found {
  peers?: readonly PeerInfo[]
  value?: Uint8Array
}

/** One query, ready to be asked. */
export interface Plan {
  /** What is looked for, in its usual form. */
  subject: SafeText
  ask(dht: KadDHT, signal: AbortSignal): AsyncIterable<QueryEvent>
  /** The result that an event of the query brings, if any; a value takes the place of an earlier one. */
  found(event: QueryEvent): Found | undefined
  /** So long after the first result the query ends, in ms, and tells what it found. Absent: it goes on to its end. */
  moreWithinMs?: number
  /** True: peers are where something was left, not what was looked for. */
  stores?: boolean
  /** What is said when there was no result. */
  none: RequestFailed
}

/** @throws {RequestFailed} at stage `target` when the words cannot be asked for */
export function planOf({ query, subject, value }: Params<'query'>, publicDht: boolean): Plan {
  switch (query) {
    case 'find':
      return findPlan(subject)
    case 'closest':
      return closestPlan(subject)
    case 'provide':
      return providePlan(subject)
    case 'providers':
      return providersPlan(subject)
    case 'put':
      return putPlan(subject, value, publicDht)
    case 'get':
      return getPlan(subject, publicDht)
  }
}

function findPlan(words: string): Plan {
  const { key, text } = readPeerId(words)
  return {
    subject: text,
    // Not from the address book: whoever asks the DHT wants to know what the DHT knows.
    ask: (dht, signal) => dht.findPeer(key, { signal, useCache: false }),
    found: event =>
      event.name === 'FINAL_PEER' && event.peer.multiaddrs.length > 0 ? { peers: [event.peer] } : undefined,
    moreWithinMs: MORE_WITHIN_MS,
    none: failures.unknownPeer,
  }
}

function closestPlan(words: string): Plan {
  const { key, text } = readPlace(words)
  return {
    subject: text,
    ask: (dht, signal) => dht.getClosestPeers(key, { signal }),
    found: event => (event.name === 'FINAL_PEER' ? { peers: [event.peer] } : undefined),
    none: failures.noPeers,
  }
}

function providePlan(words: string): Plan {
  const { key, text } = readCidOrText(words)
  return {
    subject: text,
    ask: (dht, signal) => dht.provide(key, { signal }),
    found: event =>
      event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER'
        ? { peers: [{ id: event.from, multiaddrs: [] }] }
        : undefined,
    stores: true,
    none: failures.nobodyTookIt,
  }
}

function providersPlan(words: string): Plan {
  const { key, text } = readCid(words)
  return {
    subject: text,
    ask: (dht, signal) => dht.findProviders(key, { signal }),
    found: event => (event.name === 'PROVIDER' ? { peers: event.providers } : undefined),
    none: failures.noProviders,
  }
}

function putPlan(words: string, value: string, publicDht: boolean): Plan {
  if (publicDht) throw failures.publicKeysOnly
  const { key, text } = readRecordKey(words, publicDht)
  if (text.startsWith('/pk/')) throw failures.badKey(text)
  const bytes = Buffer.from(value)
  if (bytes.byteLength === 0) throw failures.noValue
  if (bytes.byteLength > MAX_VALUE_BYTES) throw failures.tooLong
  return {
    subject: text,
    ask: (dht, signal) => dht.put(key, bytes, { signal }),
    // Whoever takes a record says it back.
    found: event =>
      event.name === 'PEER_RESPONSE' &&
      event.messageName === 'PUT_VALUE' &&
      event.record !== undefined &&
      bytes.equals(event.record.value)
        ? { peers: [{ id: event.from, multiaddrs: [] }] }
        : undefined,
    stores: true,
    none: failures.nobodyTookIt,
  }
}

function getPlan(words: string, publicDht: boolean): Plan {
  const { key, text } = readRecordKey(words, publicDht)
  const values: Uint8Array[] = []
  return {
    subject: text,
    // Not the library's `get`: that also writes what it takes for right to all who hold another value, and fails when
    // one of them does not take it. Who reads should change nothing.
    ask: (dht, signal) => privateParts(dht).contentFetching.getMany(key, { signal }),
    found: event => {
      if (event.name !== 'VALUE') return undefined
      values.push(event.value)
      const value = values[mostHeld(values)]
      return value === undefined ? undefined : { value }
    },
    none: failures.keyNotFound,
  }
}
