import { isIPv4 } from 'node:net'
import { element, type GatewayDescription } from './description.ts'
import { call, GatewayRefusal } from './soap.ts'

/** The protocols that ports can be forwarded of, as UPnP has them. */
export type Protocol = 'TCP' | 'UDP'

/** A port of ours. */
export interface InnerPort {
  host: string
  port: number
  protocol: Protocol
}

/** A port of the gateway that is forwarded to us. */
export interface Mapping {
  inner: InnerPort
  outerPort: number
}

/** A mapping ends after so long unless it is renewed, in seconds: what we leave behind after a crash. */
export const LEASE_S = 3600

/** What gateways answer (WANIPConnection:1, table 24; :2, table 2-22). */
const CONFLICT = 718
const PERMANENT_ONLY = 725

/** Ports are tried from here on when the one that we listen on is taken. */
const OTHER_PORTS = 20_000
const TRIES = 4

/** A router that forwards ports (UPnP's WANIPConnection or WANPPPConnection, any version). */
export class Gateway {
  readonly description: GatewayDescription
  /** Our address on its network. */
  readonly ownHost: string
  /** Whether it takes mappings that end by themselves. */
  #leaseS = LEASE_S

  constructor(description: GatewayDescription, ownHost: string) {
    this.description = description
    this.ownHost = ownHost
  }

  /** Its IPv4 address outside; empty when it is not connected. @throws {GatewayRefusal} and what fetch throws */
  async outerHost(signal: AbortSignal): Promise<string> {
    const answer = await call(this.description, 'GetExternalIPAddress', {}, signal)
    const host = element(answer, 'NewExternalIPAddress') ?? ''
    return isIPv4(host) ? host : ''
  }

  /**
   * Has a port forwarded to us, the same one outside if that is free, or renews that.
   *
   * @param outerPort the one that it had
   * @throws {GatewayRefusal} and what fetch throws
   */
  async map(inner: InnerPort, outerPort: number, signal: AbortSignal): Promise<Mapping> {
    for (let attempt = 1; ; attempt++) {
      const port = attempt === 1 ? outerPort : OTHER_PORTS + ((outerPort * 7 + attempt * 7919) % 40_000)
      try {
        await this.#add(inner, port, signal)
        return { inner, outerPort: port }
      } catch (error) {
        if (!(error instanceof GatewayRefusal) || error.code !== CONFLICT || attempt === TRIES) throw error
      }
    }
  }

  /** Ends a mapping. @throws {GatewayRefusal} and what fetch throws */
  async unmap({ inner, outerPort }: Mapping, signal: AbortSignal): Promise<void> {
    const params = { NewRemoteHost: '', NewExternalPort: outerPort, NewProtocol: inner.protocol }
    await call(this.description, 'DeletePortMapping', params, signal)
  }

  async #add(inner: InnerPort, outerPort: number, signal: AbortSignal): Promise<void> {
    const add = (): Promise<string> =>
      call(
        this.description,
        'AddPortMapping',
        {
          NewRemoteHost: '',
          NewExternalPort: outerPort,
          NewProtocol: inner.protocol,
          NewInternalPort: inner.port,
          NewInternalClient: inner.host,
          NewEnabled: 1,
          NewPortMappingDescription: 'p2p-tui',
          NewLeaseDuration: this.#leaseS,
        },
        signal,
      )
    try {
      await add()
    } catch (error) {
      if (!(error instanceof GatewayRefusal) || error.code !== PERMANENT_ONLY || this.#leaseS === 0)
        throw error
      this.#leaseS = 0
      await add()
    }
  }
}
