import type { Connection, Transport } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { safeText, say } from '../../core/safe-text.ts'
import { hostOf } from '../limits/host.ts'
import type { Excess } from '../limits/node-limits.ts'
import type { GivenAddresses } from '../scope/given.ts'
import type { TransportFactory } from './lazy-transport.ts'

/** So many dials to one host are under way at once: as many as a lookup of the DHT, and some. */
export const MOST_TO_ONE_HOST = 16

/** What dials take turns by. */
export interface DialTurnsParts {
  given: Pick<GivenAddresses, 'has'>
  exceeded(excess: Excess): void
}

/**
 * Has dials to one host take turns. Whoever names peers can name a thousand at one host: one that never answers would have
 * all our sockets, and one that does not want them would have them all from us. What a person gave waits for nobody.
 */
export class DialTurns {
  readonly #parts: DialTurnsParts
  readonly #running = new Map<string, number>()
  /** Called when one to that host has ended, the first first. */
  readonly #waiting = new Map<string, Set<() => void>>()

  constructor(parts: DialTurnsParts) {
    this.#parts = parts
  }

  /** The same transport, with dials that take turns. */
  of(factory: TransportFactory): TransportFactory {
    return components => {
      const transport: Transport = factory(components)
      const dial = transport.dial.bind(transport)
      transport.dial = (address, options) => {
        const host = hostOf(address) ?? nameIn(address)
        if (host === undefined || this.#parts.given.has(address)) return dial(address, options)
        return this.#run(host, options.signal, () => dial(address, options))
      }
      return transport
    }
  }

  async #run(host: string, signal: AbortSignal, dial: () => Promise<Connection>): Promise<Connection> {
    while ((this.#running.get(host) ?? 0) >= MOST_TO_ONE_HOST) await this.#turn(host, signal)
    this.#running.set(host, (this.#running.get(host) ?? 0) + 1)
    try {
      return await dial()
    } finally {
      const left = (this.#running.get(host) ?? 0) - 1
      if (left > 0) this.#running.set(host, left)
      else this.#running.delete(host)
      const [next] = this.#waiting.get(host) ?? []
      next?.()
    }
  }

  /** Settles when one to that host has ended. @throws the reason of the signal, which is told */
  #turn(host: string, signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting.get(host) ?? new Set()
    this.#waiting.set(host, waiting)
    return new Promise((resolve, reject) => {
      const end = (): void => {
        signal.removeEventListener('abort', onAbort)
        waiting.delete(onTurn)
        if (waiting.size === 0) this.#waiting.delete(host)
      }
      const onTurn = (): void => {
        end()
        resolve()
      }
      const onAbort = (): void => {
        end()
        this.#parts.exceeded({
          limit: 'dialsToHost',
          action: 'refused',
          host: safeText(host),
          reason: say`${MOST_TO_ONE_HOST} dials to it are under way, and none came to its end in time for another`,
        })
        reject(signal.reason)
      }
      waiting.add(onTurn)
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
    })
  }
}

function nameIn(address: Multiaddr): string | undefined {
  const [host] = address.getComponents()
  const isName = host?.name === 'dns' || host?.name === 'dns4' || host?.name === 'dns6'
  const isDirect = address.getComponents().every(({ name }) => name !== 'p2p-circuit')
  return isName && isDirect ? host.value?.toLowerCase() : undefined
}
