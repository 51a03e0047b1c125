import type { PeerId, Stream } from '@libp2p/interface'
import type { RelayServerOptions } from '../../options.ts'
import type { RelayContext } from '../relay-context.ts'
import { Circuit, type CircuitEnds } from './circuit.ts'

/** How often it is told what open circuits have carried, in ms. */
const MEASURE_MS = 1_000

/** A connection that is to be relayed: who dialed whom, and the streams to both. */
export interface NewCircuit extends CircuitEnds {
  dialer: Stream
  holder: Stream
}

/** The connections that go through this relay: their limits, what they carry, how they end. */
export class Circuits {
  readonly #context: RelayContext
  readonly #options: RelayServerOptions
  readonly #open = new Set<Circuit>()
  #count = 0
  #stopMeasuring = (): void => {}

  constructor(context: RelayContext, options: RelayServerOptions) {
    this.#context = context
    this.#options = options
  }

  /** Whether one of two peers has as many connections through this relay as it may. */
  areFull(from: PeerId, to: PeerId): boolean {
    return [from, to].some(peer => this.#of(peer) >= this.#options.circuits)
  }

  /** Watches a connection from before its first byte until it ends. */
  open({ from, to, dialer, holder }: NewCircuit): void {
    this.#count += 1
    const circuit = new Circuit(`circuit${this.#count}`, { from, to }, this.#context, this.#options)
    if (this.#open.size === 0) this.#measureRegularly()
    this.#open.add(circuit)
    void circuit.watch(dialer, holder).then(() => {
      this.#open.delete(circuit)
      if (this.#open.size === 0) this.#stopMeasuring()
    })
  }

  #of(peer: PeerId): number {
    return [...this.#open].filter(({ ends: { from, to } }) => from.equals(peer) || to.equals(peer)).length
  }

  #measureRegularly(): void {
    this.#stopMeasuring = this.#context.clock.every(MEASURE_MS, () => {
      for (const circuit of this.#open) circuit.measure()
    })
  }
}
