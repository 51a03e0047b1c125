/** States of a swarm, made from events as a node would tell them. */
import type { NewEvent, NodeEvent } from '../../src/core/events.ts'
import { type SafeText, safeText } from '../../src/core/safe-text.ts'
import { reduceSwarm } from '../../src/store/swarm/reduce.ts'
import { EMPTY_SWARM, type SwarmState } from '../../src/store/swarm/state.ts'

export const text = safeText
export const ANNA = text('12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp')
export const BERT = text('12D3KooWHdiAxVd8uMQR1hGWXccidmfCwLqcMpGwR6QcTP6QRMuD')
export const OWN = text('12D3KooWGzxzKZYveHXtpG6AsrUJBcWxHBFS2HsEoGTxrMLvKXtf')

/** An event with a number and a time. */
export function numbered(event: NewEvent, seq = 1, time = Date.UTC(2026, 0, 1, 12)): NodeEvent {
  return { v: 1, seq, time, ...event } as NodeEvent
}

export function swarmOf(...events: NewEvent[]): SwarmState {
  return events.map((event, place) => numbered(event, place + 1)).reduce(reduceSwarm, EMPTY_SWARM)
}

export function heard(peerId: SafeText, ...addresses: string[]): NewEvent {
  return {
    type: 'peer:discovered',
    peerId,
    source: 'mdns',
    addresses: addresses.map(address => text(address)),
  }
}

export function connected(peerId: SafeText, address: string): NewEvent {
  return {
    type: 'connection:opened',
    peerId,
    connectionId: text(`to-${peerId}`),
    address: text(address),
    direction: 'outbound',
    transport: text('tcp'),
    encryption: text('/noise'),
    muxer: text('/yamux/1.0.0'),
  }
}
