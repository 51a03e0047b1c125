/** Events that fill the views of connections, routing and relays. */
import type { NewEvent } from '../../src/core/events.ts'
import { type SafeText, safeText, say } from '../../src/core/safe-text.ts'
import { peerIdOf } from './live-screen.tsx'

/** A connection, direct over TCP unless told otherwise. */
export function opened(name: string, change: Partial<NewEvent<'connection:opened'>> = {}): NewEvent {
  return {
    type: 'connection:opened',
    peerId: peerIdOf(name),
    connectionId: safeText(`c-${name}`),
    address: say`/ip4/192.168.1.7/tcp/4001`,
    direction: 'outbound',
    transport: say`tcp`,
    encryption: say`/noise`,
    muxer: say`/yamux/1.0.0`,
    ...change,
  }
}

/** A connection through a relay, with the limits that relays have by default. */
export function relayedTo(name: string): NewEvent {
  return opened(name, {
    address: safeText(`/ip4/198.51.100.7/tcp/4001/p2p/${peerIdOf('relay001')}/p2p-circuit`),
    relayed: true,
    limitBytes: 131_072,
    limitMs: 120_000,
  })
}

/** A stream on the connection of {@link opened}. */
export function stream(name: string, protocol: string, streamId = protocol): NewEvent {
  return {
    type: 'stream:opened',
    peerId: peerIdOf(name),
    connectionId: safeText(`c-${name}`),
    streamId: safeText(streamId),
    protocol: safeText(protocol),
    direction: 'inbound',
  }
}

/** A DHT whose routing table holds some peers, by bucket. */
export function dht(entries: readonly (readonly [name: string, bucket: number])[]): NewEvent[] {
  return [
    { type: 'routing:started', protocol: say`/p2ptui/kad/1.0.0`, mode: 'client' },
    ...entries.map(([name, bucket]): NewEvent => ({ type: 'routing:added', peerId: peerIdOf(name), bucket })),
  ]
}

/** A reservation at a relay. `expiresAt` is in ms since the epoch. */
export function reserved(name: string, expiresAt: number): NewEvent {
  const peerId = peerIdOf(name)
  return {
    type: 'relay:reserved',
    peerId,
    addresses: [safeText(`/ip4/198.51.100.7/tcp/4001/p2p/${peerId}/p2p-circuit`)],
    expiresAt,
    limitBytes: 131_072,
    limitMs: 120_000,
    renewed: false,
  }
}

/** What a peer has found out about one of our addresses. */
export function checked(address: SafeText, reachable: boolean, name: string): NewEvent {
  return { type: 'address:checked', address, reachable, peerId: peerIdOf(name) }
}
