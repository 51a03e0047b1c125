import type { HowLearned } from '../../core/event-terms.ts'
import { type SafeText, safeAddress } from '../../core/safe-text.ts'
import { type IpPlace, ipPlace, isPublicIp, publicPlace } from './public-host.ts'

/** Where a peer outside sees us on one connection. */
export interface Sighting {
  peerId: SafeText
  /** What it says: a public host. */
  place: IpPlace
  /** Who opened the connection. */
  direction: 'inbound' | 'outbound'
}

/** What is known of our own addresses at one moment. */
export interface Facts {
  announced: readonly string[]
  listening: readonly string[]
  /** What the router forwards to us. */
  mapped: readonly string[]
  sightings: readonly Sighting[]
}

/** One address at which others may reach us, and who told of it. */
export interface Derived {
  how: HowLearned
  peers: Set<SafeText>
}

/** Anybody may say that we are anywhere; so many hosts are believed at once, those first that most peers see us at. */
const MOST_HOSTS = 4

/**
 * Where others may reach us. A peer that dialed us names the address that it dialed. One that we dialed sees the port of
 * that connection, at which nobody listens: there its host with the ports that we listen on is the best guess, right
 * where a router forwards a port to the same one.
 */
export function derive({ announced, listening, mapped, sightings }: Facts): Map<SafeText, Derived> {
  const derived = new Map<SafeText, Derived>()
  const add = (address: string, how: HowLearned, peerId?: SafeText): void => {
    const key = safeAddress(address)
    const entry = derived.get(key) ?? { how, peers: new Set() }
    if (peerId !== undefined) entry.peers.add(peerId)
    derived.set(key, entry)
  }
  for (const address of announced) add(address, 'announced')
  for (const address of mapped) add(address, 'upnp')
  for (const address of listening) {
    const place = publicPlace(address)
    if (place !== undefined) add(`/${place.family}/${place.host}${place.rest}`, 'listening')
  }
  const believed = believedHosts(sightings)
  const seen = sightings.filter(({ place }) => believed.has(place.host))
  for (const { peerId, place } of seen.filter(({ direction }) => direction === 'inbound')) {
    add(`/${place.family}/${place.host}${place.rest}`, 'observed', peerId)
  }
  const own = listening.map(ipPlace).filter(place => place !== undefined)
  for (const { peerId, place } of seen.filter(({ direction }) => direction === 'outbound')) {
    for (const ours of own) {
      if (ours.family !== place.family) continue
      if (ours.host !== place.host && !mayBeForwarded(ours.host)) continue
      add(`/${place.family}/${place.host}${ours.rest}`, 'guessed', peerId)
    }
  }
  return derived
}

/** A router forwards to hosts in its network; who listens at a public one alone is not reached at another. */
function mayBeForwarded(host: string): boolean {
  return !isPublicIp(host) && !/^(127\.|::1$|fe80:)/.test(host)
}

function believedHosts(sightings: readonly Sighting[]): Set<string> {
  const peers = new Map<string, Set<SafeText>>()
  for (const { peerId, place } of sightings) {
    peers.set(place.host, (peers.get(place.host) ?? new Set()).add(peerId))
  }
  const mostSeen = [...peers].sort(([, a], [, b]) => b.size - a.size)
  return new Set(mostSeen.slice(0, MOST_HOSTS).map(([host]) => host))
}
