import { ipPlace } from '../public-host.ts'
import type { InnerPort } from './gateway.ts'

/** A port that this node listens on, as it is in its multiaddr. */
export interface Listener {
  inner: InnerPort
  protocol: 'tcp' | 'udp'
  /** What stands behind the port: `/ws`, `/quic-v1`, or nothing. */
  tail: string
}

const PORT = /^\/(tcp|udp)\/(\d+)(.*)$/

/** The ports of a host among addresses that the node listens on, each once, by `tcp 4001`. */
export function listenersAt(host: string, listening: readonly string[]): Map<string, Listener> {
  const listeners = new Map<string, Listener>()
  for (const address of listening) {
    const place = ipPlace(address)
    if (place?.host !== host) continue
    const [, protocol, port = '', tail = ''] = PORT.exec(place.rest) ?? []
    if (protocol !== 'tcp' && protocol !== 'udp') continue
    const inner: InnerPort = { host, port: Number(port), protocol: protocol === 'tcp' ? 'TCP' : 'UDP' }
    listeners.set(`${protocol} ${port}`, { inner, protocol, tail })
  }
  return listeners
}
