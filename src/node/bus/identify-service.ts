import { type Identify, type IdentifyComponents, identify } from '@libp2p/identify'
import type { Connection } from '@libp2p/interface'

/**
 * libp2p's identify (https://github.com/libp2p/specs/blob/master/identify/README.md), which asks the peer of each new
 * connection and keeps to itself why one could not be identified; here that is told.
 *
 * It reads ten messages of 8 KiB at the most, as go-libp2p does. Nobody can push us news of themselves: that protocol is
 * not spoken here.
 */
export function identifyService(
  failed: (connection: Connection, error: unknown) => void,
): (components: IdentifyComponents) => Identify {
  const make = identify()
  return components => {
    const service = make(components)
    const ask = service.identify.bind(service)
    service.identify = async (connection, options) => {
      try {
        return await ask(connection, options)
      } catch (error) {
        failed(connection, error)
        throw error
      }
    }
    return service
  }
}
