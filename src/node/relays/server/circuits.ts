import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { shareOf } from '../../limits/host.ts'
import type { RelayServerOptions } from '../../options.ts'
import type { RelayContext } from '../relay-context.ts'
import { Circuit, type CircuitEnds } from './circuit.ts'
import { circuitShare } from './host-shares.ts'

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
  /** How many each has: open ones, and those whose other side has been asked. By Peer ID, by the host that dialed, and by both. */
  readonly #counts = new Map<string, number>()
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
   * @param from who dials
   * @returns what gives the place back, once; `peer`: one of both has as many connections as it may; `host`: the host that
   * dials has
   */
  take(from: Pick<Connection, 'remotePeer' | 'remoteAddr'>, to: PeerId): (() => void) | 'peer' | 'host' {
    const ends = [from.remotePeer.toString(), to.toString()]
    const { toAll, toOne } = circuitShare(this.#options.circuits)
    const share = shareOf(from.remoteAddr)
    const ofHost = [
      [share, toAll],
      [`${share} ${to}`, toOne],
    ] as const
    const count = (key: string): number => this.#counts.get(key) ?? 0
    if (ends.some(end => count(end) >= this.#options.circuits)) return 'peer'
    if (ofHost.some(([key, most]) => count(key) >= most)) return 'host'
    const keys = [...ends, ...ofHost.map(([key]) => key)]
    for (const key of keys) this.#counts.set(key, count(key) + 1)
    let taken = true
    return () => {
      if (!taken) return
      taken = false
      for (const key of keys) {
        if (count(key) > 1) this.#counts.set(key, count(key) - 1)
        else this.#counts.delete(key)
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
