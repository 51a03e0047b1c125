import type { PeerId } from '@libp2p/interface'
import type { KadDHT } from '@libp2p/kad-dht'
import type { NewEvent } from '../../core/events.ts'
import { safeText } from '../../core/safe-text.ts'
import { placeOf, sharedBits } from './places.ts'
import { privateParts, type RoutingTable } from './private-dht.ts'

/** Calls `heard` for each peer of the DHT that answers a ping of the routing table or asks us something. */
export function hearOfPeers(dht: KadDHT, heard: (peerId: PeerId) => void): void {
  const { routingTable, rpc } = privateParts(dht)
  routingTable.addEventListener('peer:ping', ({ detail }: Event & { detail?: PeerId }) => {
    if (detail !== undefined) heard(detail)
  })
  const handle = rpc.handleMessage.bind(rpc)
  rpc.handleMessage = (peerId, message) => {
    heard(peerId)
    return handle(peerId, message)
  }
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
