import type { NewEvent, Traffic } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { ByteCount } from '../taps/traffic-tap.ts'
import { Gauge } from './gauge.ts'
import { StreamMeter } from './stream-meter.ts'

interface Wire {
  peerId: SafeText
  count: ByteCount
  /** How much of `count` the peer's own count holds already. */
  added: ByteCount
  gauge: Gauge
}

interface Sum {
  count: ByteCount
  gauge: Gauge
}

/** Bytes by connection, by stream, by peer, by protocol and in all; a sample says which of them changed, and how fast. */
export class Meter {
  readonly streams = new StreamMeter()
  readonly #total: Gauge
  readonly #wires = new Map<SafeText, Wire>()
  readonly #peers = new Map<SafeText, Sum>()
  /** Peers whose figures may differ from what was told: all others, of whom there may be thousands, are not looked at. */
  readonly #moving = new Set<SafeText>()
  readonly #protocols = new Map<SafeText, Sum>()
  #lastTotal: Traffic = { bytesIn: 0, bytesOut: 0, rateIn: 0, rateOut: 0 }

  /** @param total grows with every byte of every connection */
  constructor(total: ByteCount) {
    this.#total = new Gauge(total)
  }

  /** @param count grows with the bytes of this connection */
  connectionOpened(connectionId: SafeText, peerId: SafeText, count: ByteCount): void {
    const added = { bytesIn: 0, bytesOut: 0 }
    this.#wires.set(connectionId, { peerId, count, added, gauge: new Gauge(count) })
  }

  /** What the connection carried in all. */
  connectionClosed(connectionId: SafeText): ByteCount {
    const wire = this.#wires.get(connectionId)
    if (wire === undefined) return { bytesIn: 0, bytesOut: 0 }
    this.#addToPeer(wire)
    this.#wires.delete(connectionId)
    return { bytesIn: wire.count.bytesIn, bytesOut: wire.count.bytesOut }
  }

  /** The count of one protocol, to add to. */
  protocol(protocol: SafeText): ByteCount {
    return sumOf(this.#protocols, protocol).count
  }

  forgetPeer(peerId: SafeText): void {
    this.#peers.delete(peerId)
    this.#moving.delete(peerId)
  }

  /** The sample as an event; undefined when nothing changed since the last one. */
  sample(periodMs: number): NewEvent<'traffic:sampled'> | undefined {
    for (const wire of this.#wires.values()) this.#addToPeer(wire)
    const total = this.#total.sample(periodMs)
    const connections = [...this.#wires].flatMap(([connectionId, { peerId, gauge }]) => {
      const sample = gauge.sample(periodMs)
      return sample === undefined ? [] : [{ connectionId, peerId, ...sample }]
    })
    const peers = this.#samplePeers(periodMs)
    const protocols = changed(this.#protocols, periodMs).map(([protocol, sample]) => ({
      protocol,
      ...sample,
    }))
    const streams = this.streams.sample(periodMs)
    const parts = { connections, peers, protocols, streams }
    if (total === undefined && Object.values(parts).every(({ length }) => length === 0)) return undefined
    this.#lastTotal = total ?? this.#lastTotal
    return { type: 'traffic:sampled', periodMs, total: this.#lastTotal, ...parts }
  }

  #samplePeers(periodMs: number): NewEvent<'traffic:sampled'>['peers'] {
    return [...this.#moving].flatMap(peerId => {
      const sample = this.#peers.get(peerId)?.gauge.sample(periodMs)
      if (sample !== undefined) return [{ peerId, ...sample }]
      this.#moving.delete(peerId)
      return []
    })
  }

  #addToPeer({ peerId, count, added }: Wire): void {
    if (count.bytesIn === added.bytesIn && count.bytesOut === added.bytesOut) return
    this.#moving.add(peerId)
    const sum = sumOf(this.#peers, peerId).count
    sum.bytesIn += count.bytesIn - added.bytesIn
    sum.bytesOut += count.bytesOut - added.bytesOut
    added.bytesIn = count.bytesIn
    added.bytesOut = count.bytesOut
  }
}

function sumOf(sums: Map<SafeText, Sum>, key: SafeText): Sum {
  const known = sums.get(key)
  if (known !== undefined) return known
  const count = { bytesIn: 0, bytesOut: 0 }
  const sum = { count, gauge: new Gauge(count) }
  sums.set(key, sum)
  return sum
}

function changed(sums: Map<SafeText, Sum>, periodMs: number): [SafeText, Traffic][] {
  return [...sums].flatMap(([key, { gauge }]): [SafeText, Traffic][] => {
    const sample = gauge.sample(periodMs)
    return sample === undefined ? [] : [[key, sample]]
  })
}
