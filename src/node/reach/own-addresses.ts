import type { NewEvent } from '../../core/events.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { type Derived, derive, type Sighting } from './derive.ts'
import { publicPlace } from './public-host.ts'

/** What own addresses are made out with. */
export interface OwnAddressesOptions {
  emit: (event: NewEvent) => void
  /** What is known by now. */
  state: () => SwarmState
  /** Addresses that a person said to announce. */
  announced: readonly string[]
}

/** So many of those who see us at an address are told of; that a hundred others do is no news. */
const MOST_NAMED = 8

/** Makes out of what happens at which addresses others may reach this node, from whom we know, and when that ends. */
export class OwnAddresses {
  readonly #options: OwnAddressesOptions
  /** Those of peers outside, by connection: what peers in our own network see says nothing, and costs nothing. */
  readonly #sightings = new Map<SafeText, Sighting>()
  readonly #mapped = new Set<SafeText>()
  #told = new Map<SafeText, Derived>()

  constructor(options: OwnAddressesOptions) {
    this.#options = options
  }

  /** Told of every event of the node, after its state has changed. */
  heard(event: NewEvent): void {
    switch (event.type) {
      case 'node:started':
      case 'listen:opened':
      case 'listen:closed':
        this.#tell()
        return
      case 'upnp:mapped':
        this.#mapped.add(event.address)
        this.#tell()
        return
      case 'upnp:unmapped':
        this.#mapped.delete(event.address)
        this.#tell()
        return
      case 'peer:identified':
        this.#identified(event)
        return
      case 'connection:closed':
        if (this.#sightings.delete(event.connectionId)) this.#tell()
    }
  }

  #identified({ connectionId, peerId, observedAddress }: NewEvent<'peer:identified'>): void {
    const connection = this.#options.state().connections.get(connectionId)
    // A relay, not the peer, knows where we are when it is between us.
    if (connection === undefined || connection.relayed === true || observedAddress === undefined) return
    const { direction } = connection
    const place = publicPlace(observedAddress)
    const before = this.#sightings.get(connectionId)?.place
    // A peer may tell again what it told, as often as it likes.
    if (place?.host === before?.host && place?.rest === before?.rest) return
    if (place === undefined) this.#sightings.delete(connectionId)
    else this.#sightings.set(connectionId, { peerId, place, direction })
    this.#tell()
  }

  /** Tells what is different from what was told. */
  #tell(): void {
    const { emit, state, announced } = this.#options
    const { node, ownAddresses } = state()
    if (node.status !== 'running') return
    const now = derive({
      announced,
      listening: node.listening,
      mapped: [...this.#mapped],
      sightings: [...this.#sightings.values()],
    })
    const before = this.#told
    this.#told = now
    for (const [address, entry] of now) {
      const known = before.get(address)
      // Whoever tries an address also sees us there: that it was guessed first is no other news.
      if (known !== undefined && isSeen(known) && isSeen(entry)) entry.how = known.how
      const { how, peers } = entry
      const news = [...peers].slice(0, MOST_NAMED).filter(peerId => known?.peers.has(peerId) !== true)
      if (news.length > 0) for (const peerId of news) emit({ type: 'address:learned', address, how, peerId })
      else if (known?.how !== how) emit({ type: 'address:learned', address, how })
    }
    for (const [address, lost] of before) {
      if (now.has(address)) continue
      // That somebody got through to it says more than whether those who saw it are still connected.
      if (isSeen(lost) && node.listening.length > 0 && ownAddresses.get(address)?.reachable === true) {
        now.set(address, { ...lost, peers: new Set() })
      } else emit({ type: 'address:lost', address, reason: REASONS[lost.how] })
    }
  }
}

/** Because somebody sees us there. */
function isSeen({ how }: Derived): boolean {
  return how === 'observed' || how === 'guessed'
}

const REASONS: Readonly<Record<Derived['how'], SafeText>> = {
  listening: say`the node no longer listens there`,
  announced: say`it is no longer announced`,
  observed: say`nobody who saw us there is connected any more`,
  guessed: say`nobody who sees us at that host is connected any more, or the port was closed`,
  upnp: say`the router no longer forwards it`,
  relay: say`the relay is gone`,
}
