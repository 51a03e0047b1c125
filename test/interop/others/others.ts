import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What one of them dials, in the words of our events. */
export type OtherTransport = 'tcp' | 'ws'

/** A libp2p written by others, as a program that dials the multiaddrs on its command line and says what it logs. */
export interface Other {
  name: string
  /** The package that it comes in. */
  package: string
  program: string
  dials: readonly OtherTransport[]
  /** What identify tells of it; absent: it has no identify. */
  identify?: { agentVersion: string; protocolVersion: string }
  /** The DHT that it takes part in as soon as it knows somebody. */
  kademlia?: string
  /** Protocols that we learn it speaks. */
  protocols: readonly string[]
  /** What it logs of us. */
  says: {
    /** The handshake is over. */
    connected(peerId: string): RegExp
    /** We answered its ping. */
    pong?(peerId: string): RegExp
    /** The Peer ID it was told of is not the one it met. */
    wrongPeer?(expected: string, actual: string): RegExp
    /** The connection is gone. */
    closed(peerId: string): RegExp
  }
}

const fixture = (name: string): string => join(import.meta.dirname, '../fixtures', name)

/** The version of an installed package, for the titles of tests. */
export function versionOf(name: string): string {
  const require = createRequire(import.meta.url)
  const found = require.resolve.paths(name)?.map(path => join(path, name, 'package.json')) ?? []
  for (const file of found) {
    try {
      return (require(file) as { version: string }).version
    } catch {}
  }
  throw new Error(`${name} is not installed below ${dirname(found.at(-1) ?? '')}`)
}

/** Parity's light client: its own implementation of libp2p in Rust, compiled to WebAssembly. */
export const SMOLDOT: Other = {
  name: 'smoldot',
  package: 'smoldot',
  program: fixture('smoldot.ts'),
  dials: ['tcp', 'ws'],
  identify: {
    agentVersion: `smoldot-light-wasm ${versionOf('smoldot')}`,
    protocolVersion: '/substrate/1.0',
  },
  protocols: ['/ipfs/ping/1.0.0', '/ipfs/id/1.0.0'],
  says: {
    connected: peerId => new RegExp(`handshake-finished; .*peer_id=${peerId}`),
    pong: peerId => new RegExp(`pong; peer_id=${peerId}, .*ping_time=`),
    wrongPeer: (expected, actual) =>
      new RegExp(`peer-id-mismatch; .*expected_peer_id=${expected}, actual_peer_id=${actual}`),
    closed: peerId => new RegExp(`connection-shutdown; peer_id=${peerId}`),
  },
}

/** Nimiq's light client: rust-libp2p 0.56 compiled to WebAssembly, with noise and yamux over WebSocket. */
const NIMIQ: Other = {
  name: 'rust-libp2p (in Nimiq)',
  package: '@nimiq/core',
  program: fixture('nimiq.ts'),
  dials: ['ws'],
  protocols: ['/ipfs/ping/1.0.0'],
  says: {
    connected: peerId => new RegExp(`Connection established .*peer_id=${peerId}`),
    pong: peerId => new RegExp(`Ping completed duration=\\S+ peer_id=${peerId}`),
    wrongPeer: (expected, actual) =>
      new RegExp(`Failed to dial peer peer_id=${expected} .*Unexpected peer ID ${actual}`),
    closed: peerId => new RegExp(`Connection closed with peer .*peer_id=${peerId}`),
  },
}

/** Celestia's light node: rust-libp2p 0.56 too, with its identify and Kademlia, made for browsers. */
const LUMINA: Other = {
  name: 'rust-libp2p (in Lumina)',
  package: 'lumina-node-wasm',
  program: fixture('lumina.ts'),
  dials: ['ws'],
  identify: { agentVersion: 'lumina/private/0.17.0', protocolVersion: '' },
  kademlia: '/celestia/private/kad/1.0.0',
  protocols: ['/ipfs/ping/1.0.0', '/ipfs/id/1.0.0', '/meshsub/1.1.0', '/libp2p/autonat/1.0.0'],
  says: {
    connected: peerId => new RegExp(`peer connected: ${peerId}`),
    closed: peerId => new RegExp(`peer disconnected: ${peerId}`),
  },
}

/** All that the npm registry has; docs/interop.md tells how they were looked for. */
export const OTHERS: readonly Other[] = [SMOLDOT, NIMIQ, LUMINA]
