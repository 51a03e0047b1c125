import type { Cancel, Clock } from '../../core/clock.ts'
import type { NewEvent, Payload } from '../../core/events.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Sighting } from '../../core/swarm.ts'
import type { EventHub } from '../port/event-hub.ts'
import type { PeerNote, PeerNotes, SeenBy } from './peer-notes.ts'

/** What ages are kept with. */
export interface AgeKeeperOptions {
  clock: Clock
  hub: Pick<EventHub, 'state'>
  notes: PeerNotes
}

/** So long what was seen waits to be written, in ms: a peer that is heard each second costs a write in a while. */
const WRITE_AFTER_MS = 2_000

/** Keeps who told of a peer and when, from one run to the next. */
export class AgeKeeper {
  readonly #options: AgeKeeperOptions
  readonly #unwritten = new Set<SafeText>()
  #cancel: Cancel | undefined
  #stopped = false

  constructor(options: AgeKeeperOptions) {
    this.#options = options
  }

  /** Told of every event of the node, after its state has changed. */
  heard(event: NewEvent): void {
    // Connections that close with the node were open until then: that is written.
    if (this.#stopped) return
    switch (event.type) {
      case 'peer:discovered':
      case 'peer:refreshed':
        // What comes from the notes is there.
        if (event.source !== 'known') this.#later(event.peerId)
        return
      case 'connection:opened':
      case 'connection:closed':
        this.#later(event.peerId)
    }
  }

  /** A peer is forgotten, and its note with it. */
  forget(peerId: SafeText): void {
    this.#unwritten.delete(peerId)
    if (this.#options.notes.isWanted(peerId)) return
    // What stays on a disk that cannot be written is read and forgotten again.
    this.#options.notes.delete(peerId).catch(() => undefined)
  }

  /** Writes what is left, and of peers that are connected that they were seen until now. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    for (const { peerId } of this.#options.hub.state.connections.values()) this.#unwritten.add(peerId)
    await this.#write()
  }

  #later(peerId: SafeText): void {
    this.#unwritten.add(peerId)
    this.#cancel ??= this.#options.clock.after(WRITE_AFTER_MS, () => void this.#write())
  }

  /** A connection shows that the peer is there for as long as it is open. */
  readonly #asOfNow = (sighting: Sighting): SeenBy => {
    const open = sighting.current && (sighting.source === 'inbound' || sighting.source === 'dialed')
    return open ? { ...sighting, lastSeen: this.#options.clock.now() } : sighting
  }

  async #write(): Promise<void> {
    this.#cancel = undefined
    const peerIds = [...this.#unwritten]
    this.#unwritten.clear()
    const { hub, notes } = this.#options
    const writing = peerIds.map(peerId => {
      const peer = hub.state.peers.get(peerId)
      if (peer === undefined) return undefined
      const sightings = peer.presence === 'connected' ? peer.sightings.map(this.#asOfNow) : peer.sightings
      return notes.change(peerId, note => ({ ...note, seen: joined(note.seen, sightings) }))
    })
    // Ages are not worth an alarm: a disk that cannot be written shows itself where names are.
    await Promise.allSettled(writing)
  }
}

/** What an event tells of a note: which sources saw the peer in earlier runs. */
export function earlierOf({ seen }: PeerNote): Pick<Payload<'peer:discovered'>, 'earlier'> {
  return seen.length === 0 ? {} : { earlier: seen.map(sighting => ({ ...sighting })) }
}

/** One entry a source: the first time of all runs, and the last. */
function joined(before: readonly SeenBy[], now: readonly SeenBy[]): SeenBy[] {
  const all = new Map(before.map(seen => [seen.source, seen]))
  for (const { source, firstSeen, lastSeen } of now) {
    if (source === 'known') continue
    all.set(source, {
      source,
      firstSeen: Math.min(firstSeen, all.get(source)?.firstSeen ?? firstSeen),
      lastSeen,
    })
  }
  return [...all.values()]
}
