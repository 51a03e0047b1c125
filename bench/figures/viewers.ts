import { systemClock } from '../../src/core/clock.ts'
import type { NewEvent } from '../../src/core/events.ts'
import type { Subscription } from '../../src/core/port.ts'
import { EventHub } from '../../src/node/port/event-hub.ts'
import type { Figure } from '../figure.ts'
import { median } from '../statistics.ts'
import { happenings, take } from '../world/happenings.ts'
import { opening, swarmPeers } from '../world/swarm.ts'

const VIEWERS = [0, 1, 2, 4, 8]
const PEERS = 200
/** Between two pulls of a viewer: what 10,000 events/s are in 80 ms. */
const BETWEEN_PULLS = 800
const PULLS = 30
const ROUNDS = 7

/** What each event costs the node's thread by how many read it, to be read and not judged. */
export const viewers: Figure = {
  title: 'an event by viewers',
  short: false,
  async measure() {
    const peers = swarmPeers(PEERS)
    const events = take(happenings(peers, 1), BETWEEN_PULLS)
    const started = [...opening(peers, PEERS)]
    const rounds: number[][] = VIEWERS.map(() => [])
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [place, count] of VIEWERS.entries()) {
        rounds[place]?.push(await perEventUs(started, events, count))
      }
    }
    return VIEWERS.map((count, place) => ({
      name: `1,000 events in the node, ${count} viewers`,
      value: median(rounds[place] ?? []),
      unit: 'ms' as const,
    }))
  },
}

/** Time that an event takes in the hub, in µs; what is pulled goes to a viewer as it would to a thread. */
async function perEventUs(
  started: readonly NewEvent[],
  events: readonly NewEvent[],
  count: number,
): Promise<number> {
  const hub = new EventHub(systemClock)
  for (const event of started) hub.emit(event)
  const readers: Subscription[] = Array.from({ length: count }, () => hub.subscribe())
  for (const reader of readers) await reader.next()
  const before = performance.now()
  for (let pull = 0; pull < PULLS; pull += 1) {
    for (const event of events) hub.emit(event)
    for (const reader of readers) structuredClone(await reader.next())
  }
  return ((performance.now() - before) * 1000) / (PULLS * events.length)
}
