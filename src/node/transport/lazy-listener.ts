import { type Listener, type ListenerEvents, TypedEventEmitter } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

/** A listener whose transport is loaded when it is told where to listen. Its events are those of the real one. */
export class LazyListener extends TypedEventEmitter<ListenerEvents> implements Listener {
  readonly #create: () => Promise<Listener>
  #listener: Listener | undefined

  constructor(create: () => Promise<Listener>) {
    super()
    this.#create = create
  }

  async listen(address: Multiaddr): Promise<void> {
    const listener = await this.#create()
    this.#listener = listener
    listener.addEventListener('listening', () => this.safeDispatchEvent('listening'))
    listener.addEventListener('close', () => this.safeDispatchEvent('close'))
    listener.addEventListener('error', ({ detail }) => this.safeDispatchEvent('error', { detail }))
    await listener.listen(address)
  }

  getAddrs(): Multiaddr[] {
    return this.#listener?.getAddrs() ?? []
  }

  async close(): Promise<void> {
    await this.#listener?.close()
  }

  updateAnnounceAddrs(addresses: Multiaddr[]): void {
    this.#listener?.updateAnnounceAddrs(addresses)
  }
}
