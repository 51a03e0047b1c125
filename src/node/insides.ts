import type { Libp2p, Transport, Upgrader } from '@libp2p/interface'
import type {
  AddressManager,
  ConnectionManager,
  Registrar,
  TransportManager,
} from '@libp2p/interface-internal'

/** What is used of a node's insides, which libp2p's types keep private. */
export interface Insides {
  addressManager: AddressManager
  connectionManager: ConnectionManager
  registrar: Registrar
  transportManager: TransportManager & { add(transport: Transport): void }
  upgrader: Upgrader
}

/** The insides of a node that runs. */
export function insidesOf(libp2p: Libp2p): Insides {
  return (libp2p as unknown as { components: Insides }).components
}
