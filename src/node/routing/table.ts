/** The routing table of libp2p's DHT, which its types keep private. */
import { createHash } from 'node:crypto'
import type { PeerId } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import type { NewEvent } from '../../core/events.ts'
import { safeText } from '../../core/safe-text.ts'

/** What is used of the table. */
export interface RoutingTable extends EventTarget {
  readonly size: number
}

/** The table of a DHT. */
export function tableOf(dht: KadDHT): RoutingTable {
  return (dht as KadDHT & { routingTable: RoutingTable }).routingTable
}

/** Tells of each peer that comes into the table or leaves it, until the function that it returns is called. */
export function watchTable(table: RoutingTable, self: PeerId, emit: (event: NewEvent) => void): () => void {
  const own = placeOf(self)
  const added = ({ detail }: Event & { detail?: PeerId }): void => {
    if (detail === undefined) return
    emit({
      type: 'routing:added',
      peerId: safeText(detail.toString()),
      bucket: sharedBits(own, placeOf(detail)),
    })
  }
  const removed = ({ detail }: Event & { detail?: PeerId }): void => {
    if (detail !== undefined) emit({ type: 'routing:removed', peerId: safeText(detail.toString()) })
  }
  table.addEventListener('peer:add', added)
  table.addEventListener('peer:remove', removed)
  return () => {
    table.removeEventListener('peer:add', added)
    table.removeEventListener('peer:remove', removed)
  }
}

/** Where a peer is in the key space. */
function placeOf(peerId: PeerId): Buffer {
  return createHash('sha256').update(peerId.toMultihash().bytes).digest()
}

/** How many leading bits two places have in common. */
export function sharedBits(a: Uint8Array, b: Uint8Array): number {
  const first = a.findIndex((byte, index) => byte !== b[index])
  if (first === -1) return a.length * 8
  return first * 8 + Math.clz32((a[first] ?? 0) ^ (b[first] ?? 0)) - 24
}
