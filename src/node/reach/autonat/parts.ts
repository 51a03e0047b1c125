/** The private parts of libp2p's AutoNAT v2 that are relied on, in one place. */
import { autoNATv2 } from '@libp2p/autonat-v2'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { AddressManager, ConnectionManager } from '@libp2p/interface-internal'
import type { Multiaddr } from '@multiformats/multiaddr'
import { insidesOf } from '../../insides.ts'
import { publicPlace } from '../public-host.ts'

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

/** The side that answers. */
export interface AutonatServer {
  handleDialRequestStream(stream: Stream, connection: Connection): Promise<void>
  dialClientBack(address: Multiaddr, nonce: bigint, options: unknown): Promise<DialStatus>
}

/** How a dial back went, in the words of the specification. */
export type DialStatus = 'OK' | 'E_DIAL_ERROR' | 'E_DIAL_BACK_ERROR' | 'UNUSED'

/**
 * Both sides of AutoNAT v2, not started: started they would walk through the DHT and dial strangers, ask a peer once
 * only, and judge by themselves. What becomes of their answers is not their business either.
 */
export function autonatParts(libp2p: Libp2p): { client: AutonatClient; server: AutonatServer } {
  const judging: Pick<AddressManager, 'confirmObservedAddr' | 'removeObservedAddr'> = {
    confirmObservedAddr: () => {},
    removeObservedAddr: () => {},
  }
  const insides = insidesOf(libp2p)
  const components = Object.create(insides, {
    addressManager: { value: judging },
    connectionManager: { value: withoutNames(insides.connectionManager) },
  })
  return autoNATv2()(components) as { client: AutonatClient; server: AutonatServer }
}

/** What libp2p's AutoNAT needs to dial those back who ask. */
type DialBack = Pick<ConnectionManager, 'isDialable' | 'openConnection'>

/**
 * Calls nothing dialable but public IP addresses. libp2p looks up each name that a stranger asks about, of which one
 * request may have a thousand, to dial none of them in the end.
 */
export function withoutNames(manager: DialBack): DialBack {
  return {
    isDialable: async (addresses, options) =>
      [addresses].flat().every(address => publicPlace(address.toString()) !== undefined) &&
      (await manager.isDialable(addresses, options)),
    openConnection: (peer, options) => manager.openConnection(peer, options),
  }
}
