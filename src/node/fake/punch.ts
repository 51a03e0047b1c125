import { say } from '../../core/safe-text.ts'
import { listensAt } from './addresses.ts'
import type { FakePeer } from './cast.ts'
import type { FakeConnection } from './network.ts'
import type { Parts } from './reach.ts'

/** As real ones: how often, how long each time, and how long the relayed connection stays after it; in ms. */
const TRIES = 3
const TRY_MS = 5_000
const RELAYED_STAYS_MS = 2_000

/** Has a visitor that came through a relay punch a hole, which mostly works at the first try. */
export function punch(parts: Parts, visitor: FakePeer, relayed: FakeConnection): void {
  const { network, timers, random } = parts
  if (!network.connections.has(relayed.connectionId)) return
  const { peerId } = visitor
  network.emit({ type: 'punch:started', peerId })
  const tryOnce = (attempt: number): void => {
    const addresses = [listensAt(visitor)]
    network.emit({ type: 'punch:tried', peerId, how: 'punch', attempt, attempts: TRIES, addresses })
  }
  if (random.chance(0.7)) {
    const durationMs = random.whole(80, 900)
    tryOnce(1)
    timers.after(durationMs, () => succeed(parts, visitor, relayed, durationMs))
    return
  }
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    timers.after((attempt - 1) * TRY_MS, () => tryOnce(attempt))
  }
  timers.after(TRIES * TRY_MS, () =>
    network.emit({
      type: 'punch:failed',
      peerId,
      cause: say`Nothing came through: the router of the other side gives each connection another port (symmetric NAT)`,
      hint: say`Forward a port on one of the two sides, and dial that`,
      durationMs: TRIES * TRY_MS,
    }),
  )
}

function succeed(
  { network, timers, connected }: Parts,
  visitor: FakePeer,
  relayed: FakeConnection,
  durationMs: number,
): void {
  const { peerId } = visitor
  const { connectionId: relayedConnectionId } = relayed
  const direct = network.open(visitor, 'outbound')
  connected.beginLively(direct)
  const { connectionId, address } = direct
  network.emit({ type: 'connection:upgraded', peerId, connectionId, relayedConnectionId })
  network.emit({ type: 'punch:succeeded', peerId, address, durationMs })
  timers.after(RELAYED_STAYS_MS, () =>
    network.close(relayed, say`Not needed any more: there is a direct connection`),
  )
}
