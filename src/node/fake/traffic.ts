import type { Traffic } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { FakeConnection, FakeNetwork } from './network.ts'
import type { Random } from './random.ts'
import { StreamSamples } from './stream-samples.ts'

/** How often traffic is sampled, in ms. */
export const SAMPLE_MS = 1000

const NONE: Traffic = { bytesIn: 0, bytesOut: 0, rateIn: 0, rateOut: 0 }

/** Counts bytes that nobody sent, and reports them each second. */
export class FakeMeter {
  readonly #network: FakeNetwork
  readonly #random: Random
  #total = NONE
  readonly #peers = new Map<SafeText, Traffic>()
  readonly #protocols = new Map<SafeText, Traffic>()
  readonly #streams = new StreamSamples()
  readonly #counted = new WeakMap<FakeConnection, Pick<Traffic, 'bytesIn' | 'bytesOut'>>()

  constructor(network: FakeNetwork, random: Random) {
    this.#network = network
    this.#random = random
  }

  /** Lets a second's bytes flow over each connection and emits the sample. */
  sample(): void {
    const flows = [...this.#network.connections.values()].map(connection => this.#flow(connection))
    // What was busy a second ago and is not any more has a sample too, of rate 0.
    const before = { peers: busy(this.#peers), protocols: busy(this.#protocols) }
    for (const traffic of [this.#peers, this.#protocols]) calm(traffic)
    this.#total = { ...this.#total, rateIn: 0, rateOut: 0 }
    for (const { connection, traffic, protocol } of flows) {
      this.#total = sum(this.#total, traffic)
      add(this.#peers, connection.peer.peerId, traffic)
      add(this.#protocols, protocol, traffic)
    }
    this.#network.emit({
      type: 'traffic:sampled',
      periodMs: SAMPLE_MS,
      total: this.#total,
      connections: flows.map(({ connection, traffic }) => ({
        connectionId: connection.connectionId,
        peerId: connection.peer.peerId,
        bytesIn: connection.bytesIn,
        bytesOut: connection.bytesOut,
        rateIn: traffic.rateIn,
        rateOut: traffic.rateOut,
      })),
      peers: [...new Set([...before.peers, ...busy(this.#peers)])].map(peerId => ({
        peerId,
        ...(this.#peers.get(peerId) ?? NONE),
      })),
      protocols: [...new Set([...before.protocols, ...busy(this.#protocols)])].map(protocol => ({
        protocol,
        ...(this.#protocols.get(protocol) ?? NONE),
      })),
      streams: this.#streams.take(
        this.#network.connections.values(),
        new Map(flows.flatMap(({ stream, more }) => (stream === undefined ? [] : [[stream, more]]))),
      ),
    })
  }

  #flow(connection: FakeConnection) {
    const streams = [...connection.streams.values()]
    const stream = streams[this.#random.whole(0, Math.max(streams.length, 1))]
    const protocol = stream?.protocol ?? ('/ipfs/ping/1.0.0' as SafeText)
    // Mostly small talk, now and then something large.
    const bytes = (): number => Math.round(60 * Math.exp(Math.abs(this.#random.normal()) * 2))
    const more = { rateIn: bytes(), rateOut: bytes() }
    connection.bytesIn += more.rateIn
    connection.bytesOut += more.rateOut
    if (stream !== undefined) {
      stream.bytesIn += more.rateIn
      stream.bytesOut += more.rateOut
    }
    // Streams carry something from the moment on when they open.
    const { bytesIn, bytesOut } = this.#counted.get(connection) ?? NONE
    const rateIn = connection.bytesIn - bytesIn
    const rateOut = connection.bytesOut - bytesOut
    this.#counted.set(connection, { bytesIn: connection.bytesIn, bytesOut: connection.bytesOut })
    return {
      connection,
      stream,
      more,
      protocol,
      traffic: { bytesIn: rateIn, bytesOut: rateOut, rateIn, rateOut },
    }
  }
}

function add(all: Map<SafeText, Traffic>, key: SafeText, traffic: Traffic): void {
  all.set(key, sum(all.get(key) ?? NONE, traffic))
}

function sum(a: Traffic, b: Traffic): Traffic {
  return {
    bytesIn: a.bytesIn + b.bytesIn,
    bytesOut: a.bytesOut + b.bytesOut,
    rateIn: a.rateIn + b.rateIn,
    rateOut: a.rateOut + b.rateOut,
  }
}

function busy(all: Map<SafeText, Traffic>): SafeText[] {
  return [...all].filter(([, { rateIn, rateOut }]) => rateIn + rateOut > 0).map(([key]) => key)
}

function calm(all: Map<SafeText, Traffic>): void {
  for (const [key, traffic] of all) all.set(key, { ...traffic, rateIn: 0, rateOut: 0 })
}
