import { type SafeText, safeText } from '../../core/safe-text.ts'
import { fakePeerId } from './peer-id.ts'
import type { Random } from './random.ts'

/**
 * What a peer does of its own accord. neighbour: heard by mDNS, connects one way or the other; restless: falls silent
 * and comes back; leaver: says goodbye and comes back; caller: dials us from afar; known: from an earlier run, we dial
 * it; refuser: cuts every connection; quiet: is there and does nothing.
 */
type Role = 'neighbour' | 'restless' | 'leaver' | 'caller' | 'known' | 'refuser' | 'quiet'

/** One made-up peer: who it is, where it listens and how its network behaves. `rttMs` is in ms, `loss` 0 to 1. */
export interface FakePeer {
  readonly peerId: SafeText
  readonly role: Role
  readonly near: boolean
  readonly agentVersion: SafeText
  readonly protocols: readonly SafeText[]
  readonly host: string
  /** TCP port; changes when the peer comes back. */
  port: number
  /** False while it cannot be reached. */
  online: boolean
  /** Its typical RTT. */
  readonly rttMs: number
  /** Share of pings that get lost. */
  readonly loss: number
}

const ROLES: readonly Role[] = [
  'neighbour',
  'caller',
  'known',
  'neighbour',
  'restless',
  'caller',
  'refuser',
  'neighbour',
  'leaver',
  'caller',
  'neighbour',
  'known',
]
/** Which of the cast loses pings: a caller from afar. */
const LOSSY = 5

const BASICS = ['/ipfs/ping/1.0.0', '/ipfs/id/1.0.0']
/** The DHT of the local network. */
const LAN_DHT = '/ipfs/lan/kad/1.0.0'
const AGENTS: readonly [Agent, ...Agent[]] = [
  agent('rust-libp2p/0.47.0', LAN_DHT, '/meshsub/1.2.0', '/ipfs/id/push/1.0.0'),
  agent('kubo/0.38.1/', LAN_DHT, '/ipfs/kad/1.0.0', '/ipfs/bitswap/1.2.0', '/libp2p/autonat/2/dial-request'),
  agent('p2p-tui/0.1.0 js-libp2p/3.3.11'),
  agent('js-libp2p/3.3.11 UserAgent=v24.21.0', '/ipfs/id/push/1.0.0', '/meshsub/1.2.0'),
  agent(
    'go-libp2p/0.48.0',
    LAN_DHT,
    '/libp2p/circuit/relay/0.2.0/hop',
    '/libp2p/dcutr',
    '/libp2p/autonat/2/dial-request',
  ),
  agent(
    'universal-connectivity/0.2.0 go-libp2p/0.48.0',
    '/meshsub/1.2.0',
    '/universal-connectivity/dm/1.0.0',
  ),
  agent('py-libp2p/0.4.0', LAN_DHT, '/meshsub/1.1.0'),
]

interface Agent {
  agentVersion: SafeText
  protocols: readonly SafeText[]
}

function agent(agentVersion: string, ...protocols: string[]): Agent {
  return {
    agentVersion: safeText(agentVersion),
    protocols: [...BASICS, ...protocols].map(id => safeText(id)),
  }
}

/** The peers of the network: the first twelve are lively, all more are quiet. */
export function makeCast(random: Random, count: number): FakePeer[] {
  return Array.from({ length: count }, (_, index) => makePeer(random, index))
}

function makePeer(random: Random, index: number): FakePeer {
  const role = ROLES[index] ?? 'quiet'
  const near = role !== 'caller' && role !== 'known' && role !== 'refuser'
  const { agentVersion, protocols } = AGENTS[index % AGENTS.length] ?? AGENTS[0]
  return {
    peerId: fakePeerId(random),
    role,
    near,
    agentVersion,
    protocols,
    host: near ? nearHost(index) : farHost(index),
    port: random.whole(32_768, 61_000),
    online: true,
    rttMs: near ? random.between(0.3, 2) : random.between(20, 180),
    loss: index === LOSSY ? 0.2 : 0,
  }
}

/** RFC 1918; .20 of the first network is ours, so that peers begin above it. */
function nearHost(index: number): string {
  return index < 200 ? `192.168.1.${index + 21}` : `10.0.${index >> 8}.${index & 255}`
}

/** The networks for documentation (RFC 5737). */
function farHost(index: number): string {
  return `${index % 2 === 0 ? '198.51.100' : '203.0.113'}.${index + 7}`
}
