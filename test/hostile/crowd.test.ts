import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { NodeEvent } from '../../src/core/events.ts'
import { limitLabel } from '../../src/core/limit-terms.ts'
import { DEFAULT_LIMITS } from '../../src/node/options.ts'
import { addressOf, startPeer, stopPeers } from '../support/peers/peer.ts'
import { watchNode } from '../support/watched-node.ts'

const CROWD = join(import.meta.dirname, 'fixtures/crowd.ts')
const DIALS = 500

/** Peers in a process of their own, so that the node has a thread to itself. */
async function startCrowd(address: string): Promise<ChildProcess> {
  const crowd = fork(CROWD, [address, String(DIALS)])
  onTestFinished(() => void crowd.kill('SIGKILL'))
  await once(crowd, 'message')
  return crowd
}

async function startFriend() {
  const friend = await startPeer()
  onTestFinished(() => stopPeers([friend]))
  return friend
}

const told = (refused: readonly NodeEvent<'connection:refused'>[]) =>
  refused.reduce((sum, { count = 1 }) => sum + count, 0)

describe('500 dials at once from one host', () => {
  it('leave the operator his own dial and ping, fill no more than their share, and are told in a few lines', async () => {
    // Places that they do not give back: a slow machine may take them in one by one, below all other limits.
    const node = watchNode({ limits: { ...DEFAULT_LIMITS, perHost: DIALS / 2 } })
    const friend = await startFriend()
    const crowd = await startCrowd(await node.address())
    crowd.send('dial')
    const dialed = once(crowd, 'message')
    await node.heard('connection:opened')

    // In the middle of it.
    const target = addressOf(friend).toString()
    const { peerId, existing } = await node.port.request('dial', { target })
    expect(existing).toBe(false)
    expect((await node.port.request('ping', { peerId })).rttMs).toBeGreaterThan(0)
    await dialed

    const opened = () =>
      node.events.filter(event => event.type === 'connection:opened' && event.direction === 'inbound').length
    const refusals = () => node.events.filter(event => event.type === 'connection:refused')
    // On a slow machine the flood takes more than a second, or breaks off handshakes, which is told as well.
    await node.heard('connection:refused', () => opened() + told(refusals()) === DIALS)
    expect(refusals().length).toBeLessThan(16)
    for (const { limit, reason } of refusals()) {
      if (limit === 'hostPending') expect(reason).toContain('a quarter of --max-pending')
      else if (limit !== undefined) expect(reason).toContain(limitLabel(limit))
    }
    const limited = refusals().filter(({ limit }) => limit !== undefined)
    const { refused = {} } = node.state().limits ?? {}
    expect(told(limited)).toBeGreaterThan(0)
    expect(Object.values(refused).reduce((sum, count) => sum + count, 0)).toBe(told(limited))
    expect(node.events.filter(({ type }) => type === 'connection:pruned')).toEqual([])
    expect(node.state().connections.some(connection => connection.peerId === peerId)).toBe(true)
    crowd.send('leave')
  })

  it('never have more than the places for others, where nothing else holds them up', async () => {
    const connections = 50
    const most = { ...DEFAULT_LIMITS, connections, perHost: DIALS, hostRate: DIALS, pending: DIALS }
    const node = watchNode({ limits: most })
    const friend = await startFriend()
    const crowd = await startCrowd(await node.address())
    crowd.send('dial')
    await once(crowd, 'message')
    await node.heard('warning:raised', ({ topic }) => topic === 'limits')
    const { peerId } = await node.port.request('dial', { target: addressOf(friend).toString() })
    expect((await node.port.request('ping', { peerId })).rttMs).toBeGreaterThan(0)
    const refused = await node.heard('connection:refused', ({ limit }) => limit === 'connections')
    expect(refused.reason).toContain('at most 45 of them inbound')
    const sizes = node.events.flatMap(event => (event.type === 'limits:sampled' ? [event.inbound] : []))
    // Handshakes have places too: fewer may be open whenever it is looked.
    expect(Math.max(...sizes)).toBeLessThanOrEqual(45)
    crowd.send('leave')
  })
})
