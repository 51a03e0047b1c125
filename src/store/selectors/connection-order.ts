import type { Connection } from '../../core/swarm.ts'
import type { ConnectionColumn, ScreenState } from '../screen/screen-state.ts'
import type { SwarmState } from '../swarm/state.ts'
import { flowOf } from '../swarm/traffic-figures.ts'
import { byOpening, connectionsInOrder } from './in-order.ts'
import { shownName } from './shown-name.ts'

type Key = number | string

/** What a connection is sorted by in each column. The busiest first: that is what one looks for. */
const KEYS: Readonly<Record<ConnectionColumn, (connection: Connection, swarm: SwarmState) => Key>> = {
  age: ({ openedAt }) => openedAt,
  peer: ({ peerId }, swarm) => shownName(swarm, peerId).toLowerCase(),
  transport: ({ transport }) => transport,
  in: ({ bytesIn }) => -bytesIn,
  out: ({ bytesOut }) => -bytesOut,
  'in/s': ({ rateIn }) => -flowOf(rateIn),
  'out/s': ({ rateOut }) => -flowOf(rateOut),
}

/** Open connections as the person has sorted them; those that are equal there, the oldest first. */
export function sortedConnections(
  swarm: SwarmState,
  { column, descending }: ScreenState['connectionSort'],
): readonly Connection[] {
  const oldestFirst = connectionsInOrder(swarm)
  if (column === 'age') return descending ? oldestFirst.toReversed() : oldestFirst
  const key = KEYS[column]
  const sign = descending ? -1 : 1
  return oldestFirst
    .map(connection => ({ connection, key: key(connection, swarm) }))
    .sort((a, b) => (a.key === b.key ? byOpening(a.connection, b.connection) : a.key < b.key ? -sign : sign))
    .map(({ connection }) => connection)
}
