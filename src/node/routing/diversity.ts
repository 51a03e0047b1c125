import type { Libp2p, PeerId } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import { publicPlace } from '../reach/public-host.ts'
import { ownerOf } from '../serving/asker.ts'
import { type Bucket, type Contact, privateParts } from './private-dht.ts'

/** So many peers of one public host a bucket takes, and the whole table. */
const MOST_OF_A_BUCKET = 2
const MOST_OF_THE_TABLE = 8

/**
 * Keeps the routing table from being filled by one host under many Peer IDs, which cost nothing to make: whoever is all
 * that a node knows of a DHT decides what it finds there.
 *
 * Of a public host only a few peers are taken. Any number of them run on this machine or in a local network, where a host
 * that is not public may fill what is empty; but in a bucket that is full it gives way to others. (The library leaves a full
 * bucket as it is while those in it answer.)
 */
export function diversify(dht: KadDHT, libp2p: Pick<Libp2p, 'getConnections'>): void {
  const { routingTable } = privateParts(dht)
  const { kb } = routingTable
  /** Hosts of the peers in the table, as they were when they came in. */
  const hosts = new Map<string, string>()
  const hostOf = ({ peerId }: Contact): string | undefined => hosts.get(peerId.toString())

  const admits = (contact: Contact): boolean => {
    const connection = libp2p.getConnections(contact.peerId)[0]
    // It has just answered a ping: whoever has none is gone again.
    if (connection === undefined) return false
    const host = ownerOf(connection)
    if (publicPlace(connection.remoteAddr.toString()) !== undefined) {
      const { peers } = kb._determineBucket(contact.kadId)
      const beside = peers.filter(peer => hostOf(peer) === host).length
      const all = [...hosts.values()].filter(other => other === host).length
      if (beside >= MOST_OF_A_BUCKET || all >= MOST_OF_THE_TABLE) return false
    }
    hosts.set(contact.peerId.toString(), host)
    return true
  }

  const verify = kb.verify.bind(kb)
  kb.verify = async (contact, options) => (await verify(contact, options)) && admits(contact)

  const add = kb._add.bind(kb)
  kb._add = async (contact, options) => {
    const bucket = kb._determineBucket(contact.kadId)
    const [connection] = libp2p.getConnections(contact.peerId)
    const isNew = kb.get(contact.kadId) === undefined
    const isFull = bucket.peers.length >= kb.kBucketSize && bucket.depth >= kb.prefixLength
    const leaving = isNew && isFull && connection && crowdedOut(bucket, ownerOf(connection), hostOf)
    if (leaving) await kb.remove(leaving.kadId, options)
    await add(contact, options)
    // The last place may have gone to another while this one was asked: it must not count for its host for ever.
    if (kb.get(contact.kadId) === undefined) hosts.delete(contact.peerId.toString())
  }

  routingTable.addEventListener('peer:remove', ({ detail }: Event & { detail?: PeerId }) => {
    if (detail !== undefined) hosts.delete(detail.toString())
  })
}

/**
 * Who leaves a full bucket for a peer of `host`: the latest of the host that has most in it, if those are at least two
 * more than the newcomer's host has. Otherwise nobody, or hosts would drive out each other for ever.
 */
function crowdedOut(
  { peers }: Bucket,
  host: string,
  hostOf: (contact: Contact) => string | undefined,
): Contact | undefined {
  const counts = new Map<string, number>()
  for (const peer of peers) {
    const other = hostOf(peer)
    if (other !== undefined) counts.set(other, (counts.get(other) ?? 0) + 1)
  }
  const [largest, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? []
  if (count === undefined || count < (counts.get(host) ?? 0) + 2) return undefined
  return peers.findLast(peer => hostOf(peer) === largest)
}
