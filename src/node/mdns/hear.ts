/** What others announce, read with suspicion. */
import { peerIdFromString } from '@libp2p/peer-id'
import { CODE_P2P, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { type Answer, decode, type Packet, type TxtAnswer } from 'dns-packet'
import { isBookable } from '../memory/bookable.ts'
import { DNSADDR, isForUs } from './addresses.ts'
import { normalName, SERVICE } from './names.ts'

/** A peer of an announcement. */
export interface AnnouncedPeer {
  peerId: string
  /** Multiaddrs without /p2p/ at their end, at the sender's own address first. */
  addresses: string[]
  /** Whether one of them is at the address that the packet came from: the peer itself seems to speak. */
  own: boolean
}

/** Who sent a packet, as far as the network says. */
export interface Sender {
  /** The IP address, without a zone. */
  address: string
  /** Whether that is an address of this machine. */
  ours: boolean
}

/** One instance of the service, as one packet announces it. */
export interface Announced {
  /** The instance's full name in lower case. */
  instance: string
  /** 0: it says goodbye. */
  ttlSeconds: number
  peers: AnnouncedPeer[]
}

/** Longest datagram that mDNS allows (RFC 6762, section 17). */
const MAX_DATAGRAM_BYTES = 9000
/** A node announces itself; a packet with more peers than that is of some proxy, or of somebody who makes them up. */
const MAX_INSTANCES = 16
const MAX_PEERS = 16
const MAX_ADDRESSES = 32
/** So many texts of one packet are read: each that is an address costs as much as all the rest of a small packet. */
const MAX_TEXTS = 64
/** Longer lives than those of the longest-lived records there are (RFC 6762, section 10) are not believed. */
const MAX_TTL_SECONDS = 4500
/** Opcode and response code: packets with either set are not mDNS (RFC 6762, sections 18.3 and 18.11). */
const FOREIGN_FLAGS = 0x780f

/** Decodes a datagram; undefined when it is not mDNS. Never throws. */
export function readPacket(bytes: Buffer): Packet | undefined {
  if (bytes.length > MAX_DATAGRAM_BYTES) return undefined
  try {
    const packet = decode(bytes)
    return ((packet.flags ?? 0) & FOREIGN_FLAGS) === 0 ? packet : undefined
  } catch {
    return undefined
  }
}

/**
 * The libp2p nodes that a response announces. TXT records count among answers and additional records alike: Rust and
 * Go use the latter, js-libp2p the former. Never throws.
 */
export function announcedIn(response: Packet, sender: Sender): Announced[] {
  const records = [...(response.answers ?? []), ...(response.additionals ?? [])]
  const pointers = new Map<string, number>()
  const texts = new Map<string, TxtAnswer[]>()
  for (const record of records) {
    if (record.type === 'PTR' && normalName(record.name) === SERVICE) {
      pointers.set(normalName(record.data), record.ttl ?? 0)
    }
  }
  for (const record of records) {
    if (record.type !== 'TXT') continue
    const name = normalName(record.name)
    if (!name.endsWith(`.${SERVICE}`) && !pointers.has(name)) continue
    const own = texts.get(name)
    if (own === undefined) texts.set(name, [record])
    else own.push(record)
  }
  const instances = [...new Set([...pointers.keys(), ...texts.keys()])].slice(0, MAX_INSTANCES)
  const left = { texts: MAX_TEXTS, peers: MAX_PEERS }
  return instances
    .map(instance => {
      const own = texts.get(instance) ?? []
      const ttl = pointers.get(instance) ?? Math.max(...own.map(record => record.ttl ?? 0))
      const said = own.flatMap(strings).slice(0, left.texts)
      const peers = peersOf(said, sender).slice(0, left.peers)
      left.texts -= said.length
      left.peers -= peers.length
      return { instance, ttlSeconds: Math.min(ttl, MAX_TTL_SECONDS), peers }
    })
    .filter(({ ttlSeconds, peers }) => ttlSeconds === 0 || peers.length > 0)
}

/** Groups addresses by the Peer ID at the end of each: what one cannot be read costs itself only. */
function peersOf(texts: readonly string[], { address: sender, ours }: Sender): AnnouncedPeer[] {
  /** The addresses of each peer, and whether each is the sender's. */
  const peers = new Map<string, Map<string, boolean>>()
  for (const address of texts.map(dnsaddr)) {
    if (address === undefined || !isForUs(address.multiaddr, ours)) continue
    const addresses = peers.get(address.peerId) ?? new Map<string, boolean>()
    const [host] = address.multiaddr.getComponents()
    if (addresses.size < MAX_ADDRESSES) addresses.set(address.multiaddr.toString(), host?.value === sender)
    if (addresses.size === 1) peers.set(address.peerId, addresses)
  }
  return [...peers].map(([peerId, all]) => {
    const addresses = [...all.keys()].sort((a, b) => Number(all.get(b)) - Number(all.get(a)))
    return { peerId, addresses, own: [...all.values()].includes(true) }
  })
}

function strings(record: Answer & { type: 'TXT' }): string[] {
  return [record.data].flat().map(String)
}

function dnsaddr(text: string): { peerId: string; multiaddr: Multiaddr } | undefined {
  if (text.slice(0, DNSADDR.length).toLowerCase() !== DNSADDR) return undefined
  try {
    const full = multiaddr(text.slice(DNSADDR.length))
    const last = full.getComponents().at(-1)
    if (last?.code !== CODE_P2P || last.value === undefined) return undefined
    const bare = full.decapsulateCode(CODE_P2P)
    if (!isBookable(bare)) return undefined
    return { peerId: peerIdFromString(last.value).toString(), multiaddr: bare }
  } catch {
    return undefined
  }
}
