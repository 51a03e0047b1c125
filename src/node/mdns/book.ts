import type { Clock } from '../../core/clock.ts'
import type { Announced, AnnouncedPeer } from './hear.ts'

/** A peer that can be dialed on the local network, as heard so far. */
export interface HeardPeer {
  peerId: string
  /** Valid multiaddrs without /p2p/ at their end, over all interfaces it was heard on. */
  addresses: string[]
  /** How long the peer asks to be remembered. */
  ttlMs: number
}

/** Where an announcement comes from: the interface, and the address of whoever sent it. */
export interface Origin {
  place: string
  sender: string
}

/** What one sender has said of a peer on one interface. */
interface Slot {
  readonly peerId: string
  readonly origin: Origin
  instance: string
  /** Whether the sender itself is among the addresses that it names. */
  own: boolean
  /** When each address was last said. */
  addresses: Map<string, number>
  until: number
}

interface Entry {
  /** By their origin. */
  slots: Map<string, Slot>
  reported: string
  reportedAt: number
}

/** So much is kept of what all senders say, of what one says, and of what all say of one peer. */
const MOST_SLOTS = 4096
const MOST_OF_A_SENDER = 256
const MOST_OF_A_PEER = 8
const MAX_ADDRESSES = 32
/**
 * Records of one set may come in several packets, which belong together when they are this close (RFC 6762, section
 * 10.2); and the same news over two families or interfaces is one piece of news.
 */
const TOGETHER_MS = 1000

/**
 * Adds up what the packets say, of whom nobody knows who sent them: addresses over interfaces, and who leaves.
 *
 * What one sender says takes nothing from what another says. Where there is no room the sender with most gives way;
 * what does not name its own sender goes first, then what was not heard for longest. So who makes up peers drives out
 * its own, and a new neighbour is always let in.
 */
export class HeardBook {
  readonly #clock: Clock
  readonly #crowdedOut: (peerId: string) => void
  readonly #entries = new Map<string, Entry>()
  /** The slots of each sender, and the senders, least recently heard first. */
  readonly #senders = new Map<string, Set<Slot>>()
  #count = 0

  /** @param crowdedOut called for each peer that gives way to others */
  constructor(clock: Clock, crowdedOut: (peerId: string) => void = () => {}) {
    this.#clock = clock
    this.#crowdedOut = crowdedOut
  }

  /** Whether this sender has said something of a peer already. */
  has(peerId: string, origin: Origin): boolean {
    return this.#entries.get(peerId)?.slots.has(keyOf(origin)) === true
  }

  /** Notes an announcement; returns the peers that there is something to tell about. */
  add(announced: Announced, origin: Origin): HeardPeer[] {
    return announced.peers
      .map(peer => this.#addPeer(announced, peer, origin))
      .filter(heard => heard !== undefined)
  }

  /**
   * Notes that an instance has said goodbye: a sender takes back what it has said itself. Returns the peers that nobody
   * announces any more, each once.
   */
  remove({ instance }: Announced, { place, sender }: Origin): string[] {
    const left: string[] = []
    for (const slot of [...(this.#senders.get(sender) ?? [])]) {
      if (slot.instance !== instance || slot.origin.place !== place) continue
      if (slot.own) this.#dropEchoes(slot)
      if (this.#drop(slot)) left.push(slot.peerId)
    }
    return left
  }

  #addPeer(
    { instance, ttlSeconds }: Announced,
    { peerId, addresses: said, own }: AnnouncedPeer,
    origin: Origin,
  ): HeardPeer | undefined {
    const now = this.#clock.monotonic()
    const known = this.#entries.get(peerId)?.slots.get(keyOf(origin))
    if (known === undefined && !this.#makeRoom(peerId, origin.sender, own)) return undefined
    // A new name is a new run of the peer: what the old one listened on is gone.
    if (known?.own && known.instance !== instance) this.#dropEchoes(known)
    const before = known?.instance === instance ? known.addresses : new Map<string, number>()
    const recent = [...before].filter(([, at]) => now - at < TOGETHER_MS)
    const addresses = new Map([...said.map(text => [text, now] as const), ...recent].slice(0, MAX_ADDRESSES))
    const until = now + ttlSeconds * 1000
    const slot = known ?? { peerId, origin, instance, own, addresses, until }
    Object.assign(slot, { instance, own, addresses, until })
    const entry = this.#keep(slot)
    for (const other of [...entry.slots.values()]) if (other.until <= now) this.#drop(other)
    const all = together(entry.slots)
    const report = [...all].sort().join(' ')
    if (report === entry.reported && now - entry.reportedAt < TOGETHER_MS) return undefined
    entry.reported = report
    entry.reportedAt = now
    return { peerId, addresses: all, ttlMs: ttlSeconds * 1000 }
  }

  /** Puts a slot in its places, as the one heard last. */
  #keep(slot: Slot): Entry {
    const { peerId, origin } = slot
    const key = keyOf(origin)
    const entry = this.#entries.get(peerId) ?? {
      slots: new Map<string, Slot>(),
      reported: '',
      reportedAt: Number.NEGATIVE_INFINITY,
    }
    this.#entries.set(peerId, entry)
    if (!entry.slots.has(key)) this.#count += 1
    entry.slots.delete(key)
    entry.slots.set(key, slot)
    const slots = this.#senders.get(origin.sender) ?? new Set()
    this.#senders.delete(origin.sender)
    this.#senders.set(origin.sender, slots)
    slots.delete(slot)
    slots.add(slot)
    return entry
  }

  /** Takes a slot out. @returns whether it was the last one of its peer */
  #drop(slot: Slot): boolean {
    const { peerId, origin } = slot
    const entry = this.#entries.get(peerId)
    if (entry?.slots.delete(keyOf(origin))) this.#count -= 1
    const slots = this.#senders.get(origin.sender)
    slots?.delete(slot)
    if (slots?.size === 0) this.#senders.delete(origin.sender)
    if (entry === undefined || entry.slots.size > 0) return false
    this.#entries.delete(peerId)
    return true
  }

  /**
   * Takes out what the same run of a peer has said from other addresses than those that it names: over IPv6 packets come
   * from link-local ones. Who names its own address elsewhere speaks for itself.
   */
  #dropEchoes({ peerId, instance }: Slot): void {
    for (const slot of [...(this.#entries.get(peerId)?.slots.values() ?? [])]) {
      if (!slot.own && slot.instance === instance) this.#drop(slot)
    }
  }

  /** Makes room for one more slot. @returns false where it has to stay outside */
  #makeRoom(peerId: string, sender: string, own: boolean): boolean {
    const slots = this.#entries.get(peerId)?.slots
    if (slots !== undefined && slots.size >= MOST_OF_A_PEER && !this.#giveWay(slots.values(), own))
      return false
    const account = this.#senders.get(sender)
    if (account !== undefined && account.size >= MOST_OF_A_SENDER) return this.#giveWay(account, own)
    return this.#count < MOST_SLOTS || this.#giveWay(this.#largest(), own)
  }

  /** The worst of some slots goes; but one that names its sender does not go for one that does not. */
  #giveWay(slots: Iterable<Slot>, own: boolean): boolean {
    let worst: Slot | undefined
    for (const slot of slots) {
      if (worst === undefined || (worst.own && !slot.own)) worst = slot
    }
    if (worst === undefined || (worst.own && !own)) return false
    if (this.#drop(worst)) this.#crowdedOut(worst.peerId)
    return true
  }

  /** The slots of the sender that has most; of several, of the one not heard for longest. */
  #largest(): ReadonlySet<Slot> {
    let largest: ReadonlySet<Slot> = new Set()
    for (const slots of this.#senders.values()) if (slots.size > largest.size) largest = slots
    return largest
  }
}

function keyOf({ place, sender }: Origin): string {
  return `${place} ${sender}`
}

/** Addresses of all slots in turn, of those that name their sender first: whoever says most hides nothing. */
function together(slots: ReadonlyMap<string, Slot>): string[] {
  const lists = [...slots.values()]
    .sort((a, b) => Number(b.own) - Number(a.own))
    .map(({ addresses }) => [...addresses.keys()])
  const all = new Set<string>()
  for (let place = 0; place < MAX_ADDRESSES; place += 1) {
    for (const list of lists) {
      const address = list[place]
      if (address !== undefined) all.add(address)
    }
  }
  return [...all].slice(0, MAX_ADDRESSES)
}
