import { type Libp2p, start, stop } from '@libp2p/interface'
import { insidesOf } from '../insides.ts'

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
