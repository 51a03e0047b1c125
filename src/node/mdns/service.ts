import type { RemoteInfo } from 'node:dgram'
import { isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Cancel, Clock } from '../../core/clock.ts'
import { announceableAt } from './addresses.ts'
import { HeardBook, type HeardPeer, type Origin } from './book.ts'
import { judge, type MdnsProblem } from './health.ts'
import { type Announced, announcedIn, readPacket } from './hear.ts'
import { ELSEWHERE, Intake, type Kind, kindOf, type MdnsExcess } from './intake.ts'
import {
  isNeighbour,
  isOwn,
  type LinkPlace,
  mayArriveAt,
  type NetworkInterfaces,
  placesOf,
} from './interfaces.ts'
import { Link, type LinkOwner } from './link.ts'
import { randomInstance } from './names.ts'
import { fitted, instanceName, type Service } from './records.ts'

export type { HeardPeer } from './book.ts'
export type { MdnsProblem } from './health.ts'
export type { MdnsExcess } from './intake.ts'
export type { NetworkInterfaces } from './interfaces.ts'

/** Who announces itself, where it listens, and at what pace. */
export interface MdnsOptions {
  /** Our own Peer ID: what is heard about it is not told. */
  peerId: string
  /** Our present multiaddrs, each ending in /p2p/ and our Peer ID. */
  addresses(): readonly string[]
  clock: Clock
  /** How often we ask who is there, after a quicker start. @default 10_000 */
  queryIntervalMs?: number
  /** How often interfaces that come and go are looked for, and what failed is tried again. @default 3_000 */
  checkIntervalMs?: number
  /** For how long others shall remember us. @default 120 */
  ttlSeconds?: number
  /** The machine's interfaces. @default os.networkInterfaces */
  interfaces?: () => NetworkInterfaces
}

/** Who is told. Its methods must not throw. Text in it comes from the network and is not safe to print. */
export interface MdnsListener {
  /** A peer was heard; again at each answer of its, news over all interfaces within a second counting as one. */
  heard(peer: HeardPeer): void
  /** A peer that was heard says goodbye. */
  left(peerId: string): void
  /** A peer that was heard has given way to others: somebody announces more than there is room for. */
  crowdedOut(peerId: string): void
  /** A neighbour sends more than is read, or announces more peers than are taken in. To be told for each packet. */
  exceeded(sender: string, what: MdnsExcess): void
  /** Multicast does not work, for this reason; again when the reason changes. */
  problem(problem: MdnsProblem): void
  /** Multicast works again. */
  recovered(): void
}

const STOP_MS = 150

/** Bytes of the header of a DNS message, and the bit in its third byte that makes it a response. */
const HEADER_BYTES = 12
const RESPONSE = 0x80

/**
 * libp2p's mDNS: announces a node on every interface, hears the others there, and knows whether multicast works.
 *
 * Its records are those that the implementations in Rust, Go and JavaScript all accept, which those of `@libp2p/mdns`
 * are not; it uses every interface and IPv6, and says goodbye.
 *
 * One object serves one run: {@link start}, {@link stop}, once each.
 */
export class MdnsService {
  readonly #options: MdnsOptions
  readonly #listener: MdnsListener
  readonly #book: HeardBook
  readonly #intake: Intake
  readonly #instance = randomInstance()
  readonly #links = new Map<string, Link>()
  readonly #services = new Map<string, { said: string; service: Service | undefined }>()
  readonly #owner: LinkOwner
  readonly #timers: Cancel[] = []
  #places: readonly LinkPlace[] = []
  #announcing: Cancel | undefined
  #problem: MdnsProblem | undefined
  #running = false

  constructor(options: MdnsOptions, listener: MdnsListener) {
    this.#options = options
    this.#listener = listener
    this.#book = new HeardBook(options.clock, peerId => listener.crowdedOut(peerId))
    this.#intake = new Intake(options.clock)
    this.#owner = {
      clock: options.clock,
      serviceAt: place => this.#serviceAt(place),
      onDatagram: (bytes, source, link) => this.#onDatagram(bytes, source, link),
      onHealth: () => this.#judge(),
    }
  }

  /**
   * Opens every interface, asks who is there and announces us. Never rejects: that multicast does not work is told to
   * the listener, and tried again.
   */
  async start(): Promise<void> {
    const { clock, queryIntervalMs = 10_000, checkIntervalMs = 3_000 } = this.#options
    this.#running = true
    const ask = () => {
      for (const link of this.#links.values()) void link.ask()
    }
    this.#timers.push(
      clock.every(queryIntervalMs, ask),
      clock.every(checkIntervalMs, () => void this.#followInterfaces()),
    )
    await this.#followInterfaces()
  }

  /** Tells everyone that our addresses have changed. */
  announce(): void {
    if (!this.#running) return
    // One packet for all changes of one moment.
    this.#announcing ??= this.#options.clock.after(0, () => {
      this.#announcing = undefined
      for (const link of this.#links.values()) link.announce()
    })
  }

  /** Says goodbye on each interface and closes; takes less than 200 ms. */
  async stop(): Promise<void> {
    this.#running = false
    for (const cancel of this.#timers.splice(0)) cancel()
    this.#announcing?.()
    const links = [...this.#links.values()]
    const deadline = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(STOP_MS, deadline.resolve)
    await Promise.race([Promise.all(links.map(link => link.withdraw())), deadline.promise])
    await Promise.race([Promise.all(links.map(link => link.close())), deadline.promise])
    cancel()
    this.#links.clear()
  }

  /** Opens what is new, closes what is gone, and opens again what has failed. */
  async #followInterfaces(): Promise<void> {
    this.#places = placesOf((this.#options.interfaces ?? networkInterfaces)())
    // What is said at a place depends on which other places there are.
    this.#services.clear()
    const present = new Set(this.#places.map(({ key }) => key))
    for (const [key, link] of this.#links) {
      if (present.has(key) && (link.usable || link.health.state === 'pending')) continue
      void link.close()
      this.#links.delete(key)
    }
    const starting: Promise<void>[] = []
    for (const place of this.#places) {
      if (this.#links.has(place.key)) continue
      const link = new Link(place, this.#owner)
      this.#links.set(place.key, link)
      starting.push(link.start())
    }
    await Promise.all(starting)
    this.#judge()
  }

  #serviceAt(place: LinkPlace): Service | undefined {
    const own = this.#options.addresses()
    const said = own.join(' ')
    const known = this.#services.get(place.key)
    if (known?.said === said) return known.service
    const found = announceableAt(place, own, this.#places)
    const service =
      found &&
      fitted({
        instance: this.#instance,
        port: found.port,
        multiaddrs: found.addresses,
        ipv4: place.addresses.filter(isIPv4),
        ipv6: place.addresses.filter(isIPv6),
        ttlSeconds: this.#options.ttlSeconds ?? 120,
      })
    this.#services.set(place.key, { said, service })
    return service
  }

  #onDatagram(bytes: Buffer, source: RemoteInfo, link: Link): void {
    if (!this.#running || !mayArriveAt(link.place, source.address, this.#places)) return
    const ours = isOwn(source.address, this.#places)
    // Before anything is counted: that multicast works must show in a flood too.
    if (ours && this.#recognise(bytes)) return
    const [address = ''] = source.address.split('%')
    const sender = ours || isNeighbour(link.place, source.address) ? source.address : ELSEWHERE
    const kind = kindOf(bytes, address, link.place.family)
    if (!this.#intake.takesBytes(kind, sender, bytes.length)) {
      this.#listener.exceeded(address, 'mdnsBytes')
      return
    }
    const packet = readPacket(bytes)
    if (packet?.type === 'query') link.answer(packet, source)
    if (packet?.type !== 'response') return
    const origin = { place: link.place.name, sender }
    for (const announced of announcedIn(packet, { address, ours })) this.#onAnnounced(announced, origin, kind)
  }

  /** Whether a datagram of this machine is a query of ours, which links wait for. */
  #recognise(bytes: Buffer): boolean {
    if (bytes.length < HEADER_BYTES || (bytes.readUInt8(2) & RESPONSE) !== 0) return false
    const id = bytes.readUInt16BE(0)
    return [...this.#links.values()].some(asked => asked.recognise(id))
  }

  #onAnnounced(announced: Announced, origin: Origin, kind: Kind): void {
    if (announced.instance === instanceName(this.#instance)) return
    if (announced.ttlSeconds === 0) {
      for (const peerId of this.#book.remove(announced, origin)) this.#listener.left(peerId)
      return
    }
    const peers = announced.peers.filter(({ peerId }) => peerId !== this.#options.peerId)
    const taken = peers.filter(
      ({ peerId }) => this.#book.has(peerId, origin) || this.#intake.takesPeer(kind, origin.sender),
    )
    if (taken.length < peers.length) this.#listener.exceeded(origin.sender, 'mdnsPeers')
    for (const peer of this.#book.add({ ...announced, peers: taken }, origin)) this.#listener.heard(peer)
  }

  #judge(): void {
    if (!this.#running) return
    const verdict = judge([...this.#links.values()].map(({ health }) => health))
    if (verdict === 'unknown') return
    if (verdict === 'none') {
      if (this.#problem !== undefined) this.#listener.recovered()
      this.#problem = undefined
    } else if (verdict.cause !== this.#problem?.cause) {
      this.#problem = verdict
      this.#listener.problem(verdict)
    }
  }
}
