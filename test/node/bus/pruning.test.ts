import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import type { NewEvent } from '../../../src/core/events.ts'
import { createNode } from '../../../src/node/create-node.ts'
import { SwarmBus } from '../../../src/node/swarm-bus.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { startPeer, stopPeers } from '../../support/peers/peer.ts'
import { until } from '../../support/peers/until.ts'

it('tells which connections were pruned and why, each once, however often libp2p lists them', async () => {
  const events: NewEvent[] = []
  const logTap = new LogTap()
  const trafficTap = new TrafficTap({ streamOpened: () => [] })
  const privateKey = await generateKeyPair('Ed25519')
  const sharedPort = new SharedPort()
  const libp2p = await createNode({ privateKey, datastore: undefined, logTap, trafficTap, sharedPort })
  const emit = (event: NewEvent): void => void events.push(event)
  const bus = new SwarmBus({ libp2p, clock: systemClock, emit, logTap, trafficTap, peerChanged: () => {} })
  await libp2p.start()
  const guests = await Promise.all([startPeer(), startPeer(), startPeer()])
  onTestFinished(async () => {
    bus.stop()
    await stopPeers([libp2p, ...guests])
  })
  const [address = ''] = await bus.listening.listen('/ip4/127.0.0.1/tcp/0')
  for (const guest of guests) await guest.dial(multiaddr(address))
  const of = <T extends 'connection:opened' | 'connection:pruned' | 'connection:closed'>(type: T) =>
    events.filter((event): event is Extract<NewEvent, { type: T }> => event.type === type)
  await until(() => of('connection:opened').length === 3)

  const { connectionManager } = (libp2p as unknown as { components: { connectionManager: Limited } })
    .components
  connectionManager.setMaxConnections(1)
  await until(() => of('connection:closed').length === 2)
  const pruned = of('connection:pruned')
  expect(pruned).toHaveLength(2)
  expect(new Set(pruned.map(({ connectionId }) => connectionId)).size).toBe(2)
  for (const { reason } of [...pruned, ...of('connection:closed')]) expect(reason).toContain('limit')
})

interface Limited {
  setMaxConnections(most: number): void
}
