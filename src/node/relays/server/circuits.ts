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
  /** See {@link Circuits.take}. */
  giveBack(): void
}

/** The connections that go through this relay: their limits, what they carry, how they end. */
export class Circuits {
  readonly #context: RelayContext
  readonly #options: RelayServerOptions
  readonly #open = new Set<Circuit>()
  /** How many each peer has, by Peer ID: open ones, and those whose other side has been asked. */
  readonly #perPeer = new Map<string, number>()
  #count = 0
  #stopMeasuring = (): void => {}

  constructor(context: RelayContext, options: RelayServerOptions) {
    this.#context = context
    this.#options = options
  }

  /**
   * Takes a place for a connection between two peers, before its holder is asked: whoever asks for many at once gets no
   * more than those who ask for one after the other.
   *
   * @returns what gives the place back, once; undefined: one of both has as many connections as it may
   */
  take(from: PeerId, to: PeerId): (() => void) | undefined {
    const ends = [from.toString(), to.toString()]
    const count = (end: string): number => this.#perPeer.get(end) ?? 0
    if (ends.some(end => count(end) >= this.#options.circuits)) return undefined
    for (const end of ends) this.#perPeer.set(end, count(end) + 1)
    let taken = true
    return () => {
      if (!taken) return
      taken = false
      for (const end of ends) {
        if (count(end) > 1) this.#perPeer.set(end, count(end) - 1)
        else this.#perPeer.delete(end)
      }
    }
  }

  /** Watches a connection from before its first byte until it ends. Its place is given back then. */
  open({ from, to, dialer, holder, giveBack }: NewCircuit): void {
    this.#count += 1
    const circuit = new Circuit(`circuit${this.#count}`, { from, to }, this.#context, this.#options)
    if (this.#open.size === 0) this.#measureRegularly()
    this.#open.add(circuit)
    void circuit.watch(dialer, holder).then(() => {
      this.#open.delete(circuit)
      giveBack()
      if (this.#open.size === 0) this.#stopMeasuring()
    })
  }

  #measureRegularly(): void {
    this.#stopMeasuring = this.#context.clock.every(MEASURE_MS, () => {
      for (const circuit of this.#open) circuit.measure()
    })
  }
}
