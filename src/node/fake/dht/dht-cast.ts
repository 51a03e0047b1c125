import { safeText } from '../../../core/safe-text.ts'
import type { FakePeer } from '../cast.ts'
import { fakePeerId } from '../peer-id.ts'
import type { Random } from '../random.ts'

/** The protocol of the made-up DHT: that of IPFS. */
export const KAD = safeText('/ipfs/kad/1.0.0')

const AGENTS = [
  'kubo/0.38.1/',
  'go-libp2p/0.48.0',
  'rust-libp2p/0.47.0',
  'js-libp2p/3.3.11 UserAgent=v24.21.0',
]
const PROTOCOLS = ['/ipfs/ping/1.0.0', '/ipfs/id/1.0.0', KAD].map(id => safeText(id))
/** One of so many is gone, though others still name it. */
const ONE_DEAD_OF = 12

/** The servers of the made-up DHT, far away all of them; nobody has met them yet. */
export function makeDhtCast(random: Random, count: number): FakePeer[] {
  return Array.from({ length: count }, (_, index) => ({
    peerId: fakePeerId(random),
    role: 'quiet',
    near: false,
    agentVersion: safeText(AGENTS[index % AGENTS.length]),
    protocols: PROTOCOLS,
    // The networks for documentation (RFC 5737).
    host: `${index % 2 === 0 ? '198.51.100' : '203.0.113'}.${100 + index}`,
    port: 4001,
    online: index % ONE_DEAD_OF !== ONE_DEAD_OF - 1,
    rttMs: random.between(20, 220),
    loss: 0,
  }))
}
