import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { platform } from 'node:os'
import { encode, type Packet } from 'dns-packet'
import type { LinkPlace } from './interfaces.ts'
import { GROUPS, MDNS_PORT } from './names.ts'

/** mDNS packets cross no router, and a receiver may check that (RFC 6762, section 11). */
const TTL = 255

/**
 * A socket that sends and hears multicast DNS on one family of one interface. What goes wrong is kept in
 * {@link failure}; no method throws or rejects.
 *
 * The socket is bound to the group, not to the wildcard address: one on the wildcard address would take unicast
 * answers meant for another mDNS program of this machine.
 */
export class MulticastSocket {
  /** Code of the last failure (EADDRINUSE ...); gone once something has been sent. */
  failure: string | undefined
  readonly #place: LinkPlace
  readonly #socket: Socket
  #state: 'new' | 'open' | 'closed' = 'new'

  constructor(place: LinkPlace, onDatagram: (bytes: Buffer, source: RemoteInfo) => void) {
    this.#place = place
    this.#socket = createSocket({
      type: place.family === 'IPv4' ? 'udp4' : 'udp6',
      reuseAddr: true,
      ipv6Only: place.family === 'IPv6',
    })
    this.#socket.on('message', onDatagram)
    this.#socket.on('error', error => this.#fail(error))
  }

  get open(): boolean {
    return this.#state === 'open'
  }

  /** Binds and joins the group; settles when that has been done or has failed. */
  async join(): Promise<void> {
    const { family, group, multicastInterface } = this.#place
    try {
      await new Promise<void>((resolve, reject) => {
        this.#socket.once('error', reject)
        this.#socket.once('close', resolve)
        // Windows binds to addresses of its own only.
        const address = platform() === 'win32' ? undefined : { address: group }
        this.#socket.bind({ port: MDNS_PORT, exclusive: true, ...address }, resolve)
      })
      if (this.#state === 'closed') return
      this.#socket.addMembership(GROUPS[family], multicastInterface)
      this.#socket.setMulticastInterface(multicastInterface)
      this.#socket.setMulticastTTL(TTL)
      this.#socket.setTTL(TTL)
      // Other nodes on this machine hear us by this, and we ourselves that multicast works.
      this.#socket.setMulticastLoopback(true)
      this.#state = 'open'
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Sends to the group, or to one address; settles when the system has taken the packet or refused it. */
  send(packet: Packet, to?: { address: string; port: number }): Promise<void> {
    if (!this.open) return Promise.resolve()
    const { address, port } = to ?? { address: this.#place.group, port: MDNS_PORT }
    return new Promise<void>((resolve, reject) => {
      this.#socket.send(encode(packet), port, address, error => (error === null ? resolve() : reject(error)))
    }).then(
      () => this.#sent(to, undefined),
      error => this.#sent(to, codeOf(error)),
    )
  }

  /** Closes the socket; settles when the system has it back. */
  close(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve()
    this.#state = 'closed'
    this.#socket.removeAllListeners('message')
    return new Promise(resolve => {
      try {
        this.#socket.close(resolve)
      } catch {
        // It was never bound, or the system has closed it.
        resolve()
      }
    })
  }

  #sent(to: object | undefined, failure: string | undefined): void {
    // Whether one asker can be reached tells nothing about multicast.
    if (to === undefined) this.failure = failure
  }

  #fail(error: unknown): void {
    if (this.#state === 'closed') return
    this.failure = codeOf(error)
    void this.close()
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'failed'
}
