import type { Libp2p } from '@libp2p/interface'

type Libp2pEvents = Parameters<Libp2p['addEventListener']>[0]
type Target = Pick<Libp2p, 'addEventListener' | 'removeEventListener'>

/**
 * Listens to a libp2p node's events such that no listener can throw into libp2p, where it would end the process.
 * What a listener throws goes to `report`.
 */
export class SafeListeners {
  readonly #target: Target
  readonly #report: (error: unknown) => void
  readonly #ends: (() => void)[] = []

  constructor(target: Target, report: (error: unknown) => void) {
    this.#target = target
    this.#report = report
  }

  on<Detail>(type: Libp2pEvents, listener: (detail: Detail) => void): void {
    const safe = this.guard((event: unknown) => listener((event as CustomEvent<Detail>).detail))
    this.#target.addEventListener(type, safe)
    this.#ends.push(() => this.#target.removeEventListener(type, safe))
  }

  /** The listener, such that it does not throw: for targets that come and go, such as connections and streams. */
  guard<Event>(listener: (event: Event) => void): (event: Event) => void {
    return event => {
      try {
        listener(event)
      } catch (error) {
        this.#report(error)
      }
    }
  }

  /** Stops listening. */
  end(): void {
    for (const end of this.#ends.splice(0)) end()
  }
}
