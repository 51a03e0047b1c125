import { perValue } from '../../core/per-value.ts'
import type { SwarmState } from '../swarm/state.ts'

/** How many there are. */
export interface ConnectionSums {
  connections: number
  streams: number
  /** Connections through a relay. */
  relayed: number
}

/** What is said of all open connections together. */
export function connectionSums({ connections }: SwarmState): ConnectionSums {
  return sums(connections)
}

const sums = perValue((connections: SwarmState['connections']): ConnectionSums => {
  let streams = 0
  let relayed = 0
  for (const connection of connections.values()) {
    streams += connection.streams.length
    if (connection.relayed === true) relayed += 1
  }
  return { connections: connections.size, streams, relayed }
})
