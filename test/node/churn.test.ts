import { connect } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { assemble } from '../../src/node/parts.ts'
import { EventHub } from '../../src/node/port/event-hub.ts'
import { openProfile } from '../../src/node/profile/profile.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import { LOOPBACK } from '../support/watched-node.ts'

const CYCLES = 200
const EVENTS = [
  'connection:open',
  'connection:close',
  'peer:identify',
  'peer:update',
  'peer:disconnect',
] as const

it('those who come and go leave nothing behind: no place taken, no timer, no listener, no connection', async () => {
  const clock = new ManualClock(Date.now())
  const hub = new EventHub(clock)
  const limits = { ...LOOPBACK.limits, hostRate: 10 * CYCLES, perHost: CYCLES, pending: CYCLES }
  const options = { ...LOOPBACK, limits }
  const profile = await openProfile(options)
  const { libp2p, bus, limits: kept } = await assemble(options, { clock, hub, profile })
  await libp2p.start()
  onTestFinished(async () => {
    await libp2p.stop()
    bus.stop()
    await profile.close()
  })
  const [address = ''] = await bus.listening.listen('/ip4/127.0.0.1/tcp/0')
  const port = Number(/\/tcp\/(\d+)/.exec(address)?.[1])
  const peer = await startPeer({ listen: [] })
  onTestFinished(() => stopPeers([peer]))

  const visit = async (): Promise<void> => {
    const connection = await peer.dial(multiaddr(address))
    await connection.close()
  }
  /** Neither speaks libp2p nor says goodbye. */
  const scan = (): Promise<void> =>
    new Promise(resolve => {
      const socket = connect(port, '127.0.0.1', () => socket.resetAndDestroy())
      socket.on('error', () => {})
      socket.on('close', () => resolve())
    })
  const left = () => ({
    taken: kept.gate.taken,
    busiest: kept.gate.mostOfOne.taken,
    connections: libp2p.getConnections().length,
    open: [...bus.connections.all()].length,
    timers: clock.pending,
    listeners: EVENTS.map(type => libp2p.listenerCount(type)),
  })
  /** What is left once all has ended that ends by itself. */
  const settled = async () => {
    await clock.advanceAsync(120_000, 10_000)
    return left()
  }
  // The timer is the one of the bus, which samples traffic.
  const nothing = { taken: 0, busiest: 0, connections: 0, open: 0, timers: 1 }
  await visit()
  await expect.poll(settled).toMatchObject(nothing)
  const before = left()
  for (let n = 0; n < CYCLES; n += 1) await Promise.all([visit(), scan()])
  await expect.poll(settled).toEqual(before)
  expect(hub.state.connections.size).toBe(0)
  expect(hub.state.peers.size).toBe(1)
})
