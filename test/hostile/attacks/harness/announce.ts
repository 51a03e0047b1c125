import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { encode } from 'dns-packet'

const SERVICE = '_p2p._udp.local'
const GROUP = '224.0.0.251'
const PORT = 5353

/** Somebody on the local network, who sends what mDNS packets he likes. */
export class Announcer implements Disposable {
  readonly #socket = createSocket({ type: 'udp4', reuseAddr: true })

  /** @param from the address that he sends from */
  static async at(from: string): Promise<Announcer> {
    const announcer = new Announcer()
    announcer.#socket.bind(0, from)
    await once(announcer.#socket, 'listening')
    announcer.#socket.setMulticastInterface(from)
    return announcer
  }

  /** One peer, by the name of an instance, at its addresses (with /p2p/). */
  async announce(instance: string, addresses: readonly string[]): Promise<void> {
    const name = `${instance}.${SERVICE}`
    const packet = encode({
      type: 'response',
      answers: [{ type: 'PTR', name: SERVICE, ttl: 120, data: name }],
      additionals: [{ type: 'TXT', name, ttl: 120, data: addresses.map(address => `dnsaddr=${address}`) }],
    })
    await new Promise<void>((resolve, reject) =>
      this.#socket.send(packet, PORT, GROUP, error => (error ? reject(error) : resolve())),
    )
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }
}
