import type { Connection, IdentifyResult } from '@libp2p/interface'
import type { Cancel } from '../../core/clock.ts'
import { safeAddress, safeText, say } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import { seen } from '../errors/seen.ts'
import { isBookable } from '../memory/bookable.ts'
import { type BusContext, idsOf } from './bus-context.ts'
import type { SafeListeners } from './listening.ts'
import { peerAddresses } from './peer-addresses.ts'

/** libp2p's identify gives up silently; a peer that has not answered by then is said not to have, in ms. */
export const IDENTIFY_DEADLINE_MS = 10_000
/** At most so much of what a peer says of itself is kept. */
const MAX_PROTOCOLS = 128

/** What peers say of themselves (specs: identify/README.md), or that they do not say it. */
export class IdentifyWatch {
  readonly #context: BusContext
  readonly #waiting = new Map<string, Cancel>()

  constructor(context: BusContext, listeners: SafeListeners) {
    this.#context = context
    listeners.on<IdentifyResult>('peer:identify', result => this.#identified(result))
  }

  /** Called for each connection that opens, and again when it closes. */
  changed(connection: Connection, open: boolean): void {
    this.#waiting.get(connection.id)?.()
    this.#waiting.delete(connection.id)
    if (!open) return
    const cancel = this.#context.clock.after(IDENTIFY_DEADLINE_MS, () => {
      this.#waiting.delete(connection.id)
      const cause = say`It did not answer identify within ${IDENTIFY_DEADLINE_MS / 1000} s`
      this.#context.emit({ type: 'peer:unidentified', ...idsOf(connection), cause })
    })
    this.#waiting.set(connection.id, cancel)
  }

  /**
   * libp2p has given up on a connection. A peer that has said nothing may have to be told of by the deadline; any other
   * fault is its own, and final.
   */
  failed(connection: Connection, error: unknown): void {
    if (connection.status !== 'open' || seen(error).name === 'TimeoutError') return
    const cancel = this.#waiting.get(connection.id)
    if (cancel === undefined) return
    cancel()
    this.#waiting.delete(connection.id)
    const { cause } = explain(error, { stage: 'exchange' })
    this.#context.emit({ type: 'peer:unidentified', ...idsOf(connection), cause })
  }

  stop(): void {
    for (const cancel of this.#waiting.values()) cancel()
    this.#waiting.clear()
  }

  #identified(result: IdentifyResult): void {
    this.#waiting.get(result.connection.id)?.()
    this.#waiting.delete(result.connection.id)
    const { agentVersion, protocolVersion, observedAddr } = result
    this.#context.emit({
      type: 'peer:identified',
      ...idsOf(result.connection),
      protocols: result.protocols.slice(0, MAX_PROTOCOLS).map(protocol => safeText(protocol)),
      addresses: peerAddresses(result.connection.remotePeer.toString(), result.listenAddrs),
      ...(agentVersion === undefined ? {} : { agentVersion: safeText(agentVersion) }),
      ...(protocolVersion === undefined ? {} : { protocolVersion: safeText(protocolVersion) }),
      ...(observedAddr === undefined || !isBookable(observedAddr)
        ? {}
        : { observedAddress: safeAddress(observedAddr) }),
    })
  }
}
