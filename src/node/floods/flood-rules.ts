/** Which events others can cause at will, who caused them, and how many of one kind pass as they are. */
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { NewEvent } from '../../core/events.ts'
import { hostOf } from '../limits/host.ts'

/** How much of one kind and one peer passes as it is: so many at once, and so many a second after that. */
export interface Pace {
  burst: number
  aSecond: number
}

/** How an event counts. */
export interface FloodRule {
  /** What is counted together: a kind of event, and who causes it. */
  key: string
  pace: Pace
  /**
   * `each`: the last one stands for all; `latest`: as well, and what it says holds, so that it does not wait long;
   * `opens` and `closes`: the two ends of something, which is not told at all if it is over soon.
   */
  role: 'each' | 'latest' | 'opens' | 'closes'
  /** Of what opens and closes. */
  id?: string
  /** The host that causes it, where it is not a peer. */
  host?: string
}

/** A person who pings as fast as ten a second, or ten tools that ping once a second, are told of one by one. */
const PINGS: Pace = { burst: 100, aSecond: 10 }
/** A peer that opens 64 streams at once does nothing odd; nor does one that goes on asking a DHT. */
const STREAMS: Pace = { burst: 128, aSecond: 10 }
/** Test nodes on one machine, or all of a network behind one router, come in crowds. */
const CONNECTIONS: Pace = { burst: 100, aSecond: 5 }
/** What a peer says of itself, and what it asks for, changes a few times when it connects, and seldom after that. */
const NEWS: Pace = { burst: 20, aSecond: 1 }

/** How an event counts; undefined: others cannot cause it as often as they like, or it was asked for. */
export function floodRule(event: NewEvent): FloodRule | undefined {
  if (event.requestId !== undefined) return undefined
  switch (event.type) {
    case 'ping:answered':
      return { key: `ping ${event.peerId}`, pace: PINGS, role: 'each' }
    case 'relay:refused':
    case 'circuit:refused':
    case 'autonat:answered':
      return { key: `${event.type} ${event.peerId}`, pace: NEWS, role: 'each' }

    case 'peer:discovered':
    case 'peer:refreshed':
    case 'peer:expired':
      return { key: `heard ${event.source} ${event.peerId}`, pace: NEWS, role: 'latest' }
    case 'peer:identified':
    case 'peer:unidentified':
      return { key: `identify ${event.peerId}`, pace: NEWS, role: 'latest' }
    case 'peer:updated':
      return { key: `update ${event.peerId}`, pace: NEWS, role: 'latest' }
    case 'routing:added':
    case 'routing:removed':
      return { key: `routing ${event.peerId}`, pace: NEWS, role: 'latest' }
    case 'relay:granted':
    case 'relay:released':
      return { key: `reservation ${event.peerId}`, pace: NEWS, role: 'latest' }
    case 'punch:started':
    case 'punch:tried':
    case 'punch:succeeded':
    case 'punch:failed':
      return { key: `punch ${event.peerId}`, pace: NEWS, role: 'latest' }
    case 'warning:raised':
    case 'warning:cleared':
      return { key: `warning ${event.topic}`, pace: NEWS, role: 'latest' }

    case 'stream:opened':
    case 'stream:closed':
      return event.direction === 'outbound'
        ? undefined
        : { key: `stream ${event.peerId}`, pace: STREAMS, role: roleOf(event.type), id: event.streamId }
    case 'circuit:opened':
    case 'circuit:closed':
      return { key: `circuit ${event.peerId}`, pace: NEWS, role: roleOf(event.type), id: event.circuitId }
    case 'connection:opened': {
      if (event.direction === 'outbound') return undefined
      const host = hostIn(event.address)
      return {
        key: `connection ${host ?? ''}`,
        pace: CONNECTIONS,
        role: 'opens',
        id: event.connectionId,
        ...(host === undefined ? {} : { host }),
      }
    }
    case 'connection:closed':
      // Whose it was is known from its beginning.
      return { key: '', pace: CONNECTIONS, role: 'closes', id: event.connectionId }
    default:
      return undefined
  }
}

function roleOf(type: `${string}:opened` | `${string}:closed`): 'opens' | 'closes' {
  return type.endsWith(':opened') ? 'opens' : 'closes'
}

/** None for what comes through a relay or a Unix socket. */
function hostIn(address: string): string | undefined {
  let parsed: Multiaddr
  try {
    parsed = multiaddr(address)
  } catch {
    return undefined
  }
  return hostOf(parsed)
}
