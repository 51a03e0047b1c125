/** The private parts of libp2p's AutoNAT v2 that are relied on, in one place. */
import { autoNATv2 } from '@libp2p/autonat-v2'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { AddressManager } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { insidesOf } from '../../insides.ts'

/** https://github.com/libp2p/specs/blob/master/autonat/autonat-v2.md */
export const DIAL_REQUEST = '/libp2p/autonat/2/dial-request'
export const DIAL_BACK = '/libp2p/autonat/2/dial-back'

/** What was found out about one address. */
export interface DialResults {
  multiaddr: Multiaddr
  success: number
  failure: number
  networkSegments: string[]
  verifyingPeers: { has(peer: unknown): boolean; add(peer: unknown): void }
  /** Of an address of a transport one answer is enough; others would want four. */
  type: 'transport'
}

/** The side that asks. */
export interface AutonatClient {
  /** What is asked about. */
  dialResults: Map<string, DialResults>
  /** Numbers that those who dial back have to know; each goes away as it is used. */
  nonces: Set<bigint>
  /** Asks about all of `dialResults`. */
  askPeerToVerify(
    connection: Connection,
    segment: string,
    nonce: bigint,
    options: { signal: AbortSignal },
  ): Promise<void>
  handleDialBackStream(stream: Stream, connection: Connection): Promise<void>
}

/**
 * The side of AutoNAT v2 that asks, not started: started it would walk through the DHT and dial strangers, ask a peer once
 * only, and judge by itself. What becomes of the answers is not its business either.
 */
export function autonatClient(libp2p: Libp2p): AutonatClient {
  const judging: Pick<AddressManager, 'confirmObservedAddr' | 'removeObservedAddr'> = {
    confirmObservedAddr: () => {},
    removeObservedAddr: () => {},
  }
  const components = Object.create(insidesOf(libp2p), { addressManager: { value: judging } })
  return (autoNATv2()(components) as { client: AutonatClient }).client
}
