import type { Socket } from 'node:net'
import type { MultiaddrConnection } from '@libp2p/interface'
import type { Cancel, Clock } from '../../core/clock.ts'
import { whenClosed } from '../closing.ts'

/** What has been written may take so long, in ms, to leave after the end of a connection. */
const LINGER_MS = 5_000

/**
 * Closes the sockets of connections that have ended. One that still has something to write waits for the other side to
 * take it, for ever if that does not read, and keeps its descriptor and what was written.
 */
export class Lingering {
  readonly #clock: Clock
  readonly #waiting = new Set<Cancel>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes each raw connection, of both directions, when its handshake begins. */
  watch(raw: MultiaddrConnection): void {
    // See `buffered.ts`. QUIC has none.
    const { socket } = raw as MultiaddrConnection & { socket?: Socket }
    if (socket === undefined) return
    whenClosed(raw, () => this.#ended(socket))
  }

  stop(): void {
    for (const cancel of this.#waiting) cancel()
    this.#waiting.clear()
  }

  #ended(socket: Socket): void {
    if (socket.destroyed) return
    const cancel = this.#clock.after(LINGER_MS, () => {
      this.#waiting.delete(cancel)
      socket.destroy()
    })
    this.#waiting.add(cancel)
    socket.once('close', () => {
      cancel()
      this.#waiting.delete(cancel)
    })
  }
}
