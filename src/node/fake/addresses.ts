import { type SafeText, safeText } from '../../core/safe-text.ts'
import type { FakePeer } from './cast.ts'

/** The machine that the fake node runs on. */
export const OWN_HOST = '192.168.1.20'
/** The TCP port that the fake node listens on. */
export const OWN_PORT = 4001

/** Where a peer listens, as discovery says it: without the Peer ID. */
export function listensAt({ host, port }: FakePeer): SafeText {
  return tcp(host, port)
}

/** Where this node can be reached through a relay. */
export function circuit(relay: FakePeer): SafeText {
  return safeText(`${withPeerId(listensAt(relay), relay.peerId)}/p2p-circuit`)
}

/** The multiaddr of a TCP port at an IPv4 or IPv6 address. */
export function tcp(host: string, port: number): SafeText {
  return safeText(`/${host.includes(':') ? 'ip6' : 'ip4'}/${host}/tcp/${port}`)
}

/** The multiaddr with /p2p/ and the Peer ID at its end. */
export function withPeerId(address: SafeText, peerId: SafeText): SafeText {
  return safeText(`${address}/p2p/${peerId}`)
}

/** Private and loopback networks: whatever is not there says so at once instead of never. */
export function isNear(host: string): boolean {
  return /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd][\da-f]{2}:|fe80:)/iu.test(host)
}
