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
const NO_SUCH_ENTRY = 714

/** Ports are tried from here on when the one that we listen on is taken. */
const OTHER_PORTS = 20_000
const TRIES = 4

/** A gateway said that it forwards a port, and then that it does not, or to somebody else. */
export class OtherMapping extends Error {
  override readonly name = 'OtherMapping'
  readonly outerPort: number
  /** Where it says that the port leads; as it came. */
  readonly leadsTo: string | undefined

  constructor(outerPort: number, leadsTo: string | undefined) {
    super('The port is not forwarded to us')
    this.outerPort = outerPort
    this.leadsTo = leadsTo
  }
}

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
   * @throws {GatewayRefusal}, {@link OtherMapping} and what fetch throws
   */
  async map(inner: InnerPort, outerPort: number, signal: AbortSignal): Promise<Mapping> {
    for (let attempt = 1; ; attempt++) {
      const port = attempt === 1 ? outerPort : OTHER_PORTS + ((outerPort * 7 + attempt * 7919) % 40_000)
      try {
        await this.#add(inner, port, signal)
        await this.#check({ inner, outerPort: port }, signal)
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

  /** Some say that a port is forwarded when it is not, or leads elsewhere. One that does not tell is believed. */
  async #check({ inner, outerPort }: Mapping, signal: AbortSignal): Promise<void> {
    const params = { NewRemoteHost: '', NewExternalPort: outerPort, NewProtocol: inner.protocol }
    const answer = await call(this.description, 'GetSpecificPortMappingEntry', params, signal).catch(
      (error: unknown) => {
        if (!(error instanceof GatewayRefusal)) throw error
        if (error.code === NO_SUCH_ENTRY) throw new OtherMapping(outerPort, undefined)
        return ''
      },
    )
    const host = element(answer, 'NewInternalClient') ?? inner.host
    const port = element(answer, 'NewInternalPort') ?? String(inner.port)
    const isOn = element(answer, 'NewEnabled') !== '0'
    if (!isOn) throw new OtherMapping(outerPort, undefined)
    if (host !== inner.host || port !== String(inner.port))
      throw new OtherMapping(outerPort, `${host}:${port}`)
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
