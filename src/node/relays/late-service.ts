import type { Transport, Upgrader } from '@libp2p/interface'
import { type Libp2p, start, stop } from '@libp2p/interface'
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

/** A service that was added to a running node. */
export interface LateService<Service> {
  service: Service
  stop(): Promise<void>
}

/**
 * Adds a service or a transport to a node that runs already, which libp2p offers at its creation only. So nothing of it
 * is loaded before somebody wants it, at the start or later.
 *
 * @param factory what `createLibp2p` takes as a service or a transport
 * @param prepare called with what was made, before it starts
 */
export async function startLate<Service>(
  libp2p: Libp2p,
  factory: (components: never) => unknown,
  prepare: (service: Service) => void = () => {},
): Promise<LateService<Service>> {
  const service = factory(insidesOf(libp2p) as never) as Service
  prepare(service)
  await start(service)
  return { service, stop: () => stop(service) }
}
