import type { Clock } from '../../core/clock.ts'
import { FIRST_PEER_WITHIN_MS } from './limits.ts'
import type { RoutingTable } from './private-dht.ts'

/** What joining works with. */
export interface JoiningParts {
  clock: Clock
  table: Pick<RoutingTable, 'size' | 'addEventListener' | 'removeEventListener'>
  /** Looks for our neighbours in the key space, so that we know them, and they us. */
  meetNeighbours(): Promise<void>
}

/** Joins a DHT with the first peer in its routing table, and again when it has been empty. */
export class Joining {
  readonly #parts: JoiningParts
  #joined = false

  constructor(parts: JoiningParts) {
    this.#parts = parts
    const { table } = parts
    table.addEventListener('peer:add', () => void this.#join())
    table.addEventListener('peer:remove', () => {
      if (table.size === 0) this.#joined = false
    })
  }

  /** Whether somebody can be asked, now or soon: within {@link FIRST_PEER_WITHIN_MS}, or until the signal aborts. */
  hasPeers(signal: AbortSignal): Promise<boolean> {
    const { clock, table } = this.#parts
    if (table.size > 0) return Promise.resolve(true)
    return new Promise(resolve => {
      const look = (): void => {
        cancel()
        signal.removeEventListener('abort', look)
        table.removeEventListener('peer:add', look)
        resolve(table.size > 0)
      }
      const cancel = clock.after(FIRST_PEER_WITHIN_MS, look)
      signal.addEventListener('abort', look, { once: true })
      table.addEventListener('peer:add', look)
    })
  }

  async #join(): Promise<void> {
    if (this.#joined) return
    this.#joined = true
    // It was called off, or nobody answers: the library looks for them again every five minutes.
    await this.#parts.meetNeighbours().catch(() => undefined)
  }
}
