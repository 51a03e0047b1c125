import type { Libp2p } from '@libp2p/interface'
import type { AddressManager } from '@libp2p/interface-internal'
import { insidesOf } from '../relays/late-service.ts'

/** What libp2p keeps of this node's addresses and which of them it announces; its types keep it private. */
export function addressManagerOf(libp2p: Libp2p): AddressManager {
  return (insidesOf(libp2p) as unknown as { addressManager: AddressManager }).addressManager
}
