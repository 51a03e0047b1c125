import type { Source } from '../../core/events.ts'
import { NO_PINGS } from '../../core/ping-stats.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Peer, Presence, Sighting } from '../../core/swarm.ts'
import { NO_TRAFFIC } from './traffic-figures.ts'

/** At most so many addresses are kept for one peer: what it claims is its own choice. */
export const MAX_ADDRESSES = 32

/** A peer of whom nothing is known yet but that it exists. */
export function newPeer(peerId: SafeText, time: number): Peer {
  return {
    peerId,
    presence: 'known',
    firstSeen: time,
    lastSeen: time,
    sightings: [],
    addresses: [],
    claimedAddresses: [],
    connectionIds: [],
    identify: 'none',
    protocols: [],
    ping: NO_PINGS,
    ...NO_TRAFFIC,
  }
}

/** The peer with one more sighting. What a source says now replaces what it said before; silence keeps it. */
export function withSighting(peer: Peer, source: Source, time: number, addresses: readonly SafeText[]): Peer {
  const before = peer.sightings.find(sighting => sighting.source === source)
  const sighting: Sighting = {
    source,
    firstSeen: before?.firstSeen ?? time,
    lastSeen: time,
    current: true,
    addresses: addresses.length > 0 ? addresses.slice(0, MAX_ADDRESSES) : (before?.addresses ?? []),
  }
  return derived({ ...peer, sightings: [sighting, ...peer.sightings.filter(other => other !== before)] })
}

/** The peer with the times of earlier runs: it was seen then, not when the address book was read. */
export function withEarlier(peer: Peer, source: Source, earlier: NonNullable<Sighting['earlier']>): Peer {
  if (earlier.length === 0) return peer
  const firstSeen = Math.min(...earlier.map(seen => seen.firstSeen))
  const lastSeen = Math.max(...earlier.map(seen => seen.lastSeen))
  const sightings = peer.sightings.map(sighting =>
    sighting.source === source ? { ...sighting, firstSeen, lastSeen, earlier } : sighting,
  )
  return { ...peer, firstSeen: Math.min(peer.firstSeen, firstSeen), lastSeen, sightings }
}

/** The peer with the sightings of some sources given up: they are remembered, but no longer hold. */
export function withoutSightings(peer: Peer, ends: (source: Source) => boolean): Peer {
  const sightings = peer.sightings.map(sighting =>
    sighting.current && ends(sighting.source) ? { ...sighting, current: false } : sighting,
  )
  return derived({ ...peer, sightings })
}

/** The peer with the fields that follow from others brought up to date. */
export function derived(peer: Peer): Peer {
  const { sightings } = peer
  const byTrust = [
    ...sightings.filter(({ current, source }) => current && source === 'dialed'),
    ...sightings.filter(({ current, source }) => current && source !== 'dialed'),
    { addresses: peer.claimedAddresses },
    ...sightings.filter(({ current }) => !current),
  ]
  const addresses = shared(byTrust.map(said => said.addresses))
  return { ...peer, presence: presenceOf(peer), addresses }
}

/** All of the lists, the first ones first. Where that is too much each has its share: whoever says most hides nothing. */
function shared(lists: readonly (readonly SafeText[])[]): SafeText[] {
  const all = new Set(lists.flat())
  if (all.size <= MAX_ADDRESSES) return [...all]
  const chosen = new Set<SafeText>()
  const longest = Math.max(...lists.map(({ length }) => length))
  for (let place = 0; place < longest; place += 1) {
    for (const list of lists) {
      const address = list[place]
      if (address !== undefined && chosen.size < MAX_ADDRESSES) chosen.add(address)
    }
  }
  return [...all].filter(address => chosen.has(address))
}

function presenceOf(peer: Peer): Presence {
  if (peer.connectionIds.length > 0) return 'connected'
  const mdns = peer.sightings.find(sighting => sighting.source === 'mdns')
  if (mdns === undefined) return 'known'
  return mdns.current ? 'heard' : 'expired'
}
