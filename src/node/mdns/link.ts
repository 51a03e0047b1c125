import { randomInt } from 'node:crypto'
import type { RemoteInfo } from 'node:dgram'
import type { Packet } from 'dns-packet'
import { Allowance } from '../../core/allowance.ts'
import type { Cancel, Clock } from '../../core/clock.ts'
import { answerTo, legacyForm, wantsUnicast } from './answer.ts'
import type { LinkHealth } from './health.ts'
import { isNeighbour, type LinkPlace } from './interfaces.ts'
import { MDNS_PORT } from './names.ts'
import { announcement, goodbye, query, type Service } from './records.ts'
import { MulticastSocket } from './socket.ts'

/** When a new link is asked and told of us: RFC 6762 wants at least two announcements, a second apart, then rarer. */
const GREETING_MS = [0, 1000, 3000]
/** Within this time our own query must come back. */
const ECHO_MS = 1000
/**
 * Multicast answers: a few at once, then one a second. RFC 6762, section 6, has one a second from the first, but who
 * has just started has missed the last one and would wait.
 */
const MULTICAST_BURST = 3
const UNICAST_PER_SECOND = 10

/** What a link asks of the service that it is part of. */
export interface LinkOwner {
  readonly clock: Clock
  /** Our service as announced at a place; undefined when there is nothing to announce there. */
  serviceAt(place: LinkPlace): Service | undefined
  onDatagram(bytes: Buffer, source: RemoteInfo, link: Link): void
  /** The link's {@link Link.health} may have changed. */
  onHealth(): void
}

/** Our voice and ear on one family of one interface: asks, answers, announces, and knows whether it is heard. */
export class Link {
  readonly place: LinkPlace
  readonly #owner: LinkOwner
  readonly #socket: MulticastSocket
  readonly #multicasts: Allowance
  readonly #unicasts: Allowance
  readonly #greeting: Cancel[] = []
  /** Our queries of the last second by id: whether each came back, and its verdict to come. */
  readonly #asked = new Map<number, { heard: boolean; cancel: Cancel }>()
  #state: 'pending' | 'heard' | 'mute' = 'pending'
  #settling = true
  #said: Service | undefined
  #saidAt = Number.NEGATIVE_INFINITY
  #deferred: Cancel | undefined

  constructor(place: LinkPlace, owner: LinkOwner) {
    this.place = place
    this.#owner = owner
    this.#socket = new MulticastSocket(place, (bytes, source) => owner.onDatagram(bytes, source, this))
    this.#multicasts = new Allowance(owner.clock, MULTICAST_BURST, 1)
    this.#unicasts = new Allowance(owner.clock, UNICAST_PER_SECOND, UNICAST_PER_SECOND)
  }

  /** False once the socket has failed: the link is to be replaced. */
  get usable(): boolean {
    return this.#socket.open
  }

  get health(): LinkHealth {
    const { name, family, internal } = this.place
    const code = this.#socket.failure
    // A new IPv6 address may not be used before duplicate address detection is done with it.
    const tentative = code === 'EADDRNOTAVAIL' && family === 'IPv6' && this.#settling && this.usable
    const state = code === undefined ? this.#state : tentative ? 'pending' : 'failed'
    return { name, family, internal, state, code }
  }

  /** Opens the link and greets whoever is there; settles when the first greeting has left or cannot. */
  async start(): Promise<void> {
    await this.#socket.join()
    if (!this.usable) return this.#owner.onHealth()
    const [first = 0, ...later] = GREETING_MS
    for (const delayMs of later) {
      const last = delayMs === later.at(-1)
      const greet = () => {
        this.#settling = !last
        this.announce()
        void this.ask()
      }
      this.#greeting.push(this.#owner.clock.after(delayMs - first, greet))
    }
    this.announce()
    await this.ask()
  }

  /** Asks who is there. */
  async ask(): Promise<void> {
    const id = randomInt(1, 0x10000)
    // What has come in while this process was busy is read before the verdict.
    const cancel = this.#owner.clock.after(ECHO_MS, () => setImmediate(() => this.#judge(id)))
    this.#asked.set(id, { heard: false, cancel })
    await this.#socket.send(query(id))
  }

  /** Notes that a query with this id, sent by this machine, came in; says whether it is one of our own. */
  recognise(id: number): boolean {
    const asked = this.#asked.get(id)
    if (asked === undefined) return false
    asked.heard = true
    this.#state = 'heard'
    this.#owner.onHealth()
    return true
  }

  /** Says what we are: now, or as soon as the last time is long enough ago. */
  announce(): void {
    const service = this.#owner.serviceAt(this.place)
    if (service !== undefined) this.#multicast(announcement(service), service)
    else void this.withdraw()
  }

  /** Answers a query that came from `source`. */
  answer(asked: Packet, source: RemoteInfo): void {
    const service = this.#owner.serviceAt(this.place)
    const answer = service && answerTo(asked, service)
    if (service === undefined || answer === undefined) return
    const legacy = source.port !== MDNS_PORT
    const alone = legacy || wantsUnicast(asked)
    // A forged source must not make us send across a router (RFC 6762, section 11). Port 0 wants no answer (RFC 768).
    if (alone && source.port > 0 && isNeighbour(this.place, source.address) && this.#unicasts.take()) {
      void this.#socket.send(legacy ? legacyForm(answer, asked) : answer, source)
    }
    // rust-libp2p asks from a port that it does not read: a foreign port is no sign of a plain DNS resolver.
    const sinceMs = this.#owner.clock.monotonic() - this.#saidAt
    if (legacy || !alone || sinceMs >= (service.ttlSeconds * 1000) / 4) this.#multicast(answer, service)
  }

  /** Takes back what has been announced; settles when that has been sent. */
  async withdraw(): Promise<void> {
    const said = this.#said
    this.#said = undefined
    this.#deferred?.()
    this.#deferred = undefined
    if (said !== undefined) await this.#socket.send(goodbye(said))
  }

  /** Ends all that is under way; settles when the socket is closed. */
  close(): Promise<void> {
    for (const cancel of this.#greeting) cancel()
    this.#deferred?.()
    for (const { cancel } of this.#asked.values()) cancel()
    this.#asked.clear()
    return this.#socket.close()
  }

  #multicast(packet: Packet, service: Service): void {
    if (this.#deferred !== undefined) return
    if (!this.#multicasts.take()) {
      this.#deferred = this.#owner.clock.after(this.#multicasts.waitMs, () => {
        this.#deferred = undefined
        this.announce()
      })
      return
    }
    this.#said = service
    this.#saidAt = this.#owner.clock.monotonic()
    void this.#socket.send(packet)
  }

  #judge(id: number): void {
    const asked = this.#asked.get(id)
    if (asked === undefined) return
    this.#asked.delete(id)
    this.#state = asked.heard ? 'heard' : 'mute'
    this.#owner.onHealth()
  }
}
