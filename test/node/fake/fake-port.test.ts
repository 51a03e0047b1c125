import { describe, expect, it } from 'vitest'
import { eventSchemas } from '../../../src/core/event-schema.ts'
import type { NodeEvent, NodeEventType } from '../../../src/core/events.ts'
import { say } from '../../../src/core/safe-text.ts'
import { type FakePortOptions, startFakePort } from '../../../src/node/fake/fake-port.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { PortReader } from '../../support/port-reader.ts'

const MINUTE = 60_000

/** A fake network after some time, and all that happened in it. */
async function networkAfter(ms: number, options: Partial<FakePortOptions> = {}) {
  const clock = new ManualClock()
  const fake = startFakePort({ clock, ...options })
  const reader = new PortReader(fake.port, { capacity: 200_000 })
  clock.advance(ms)
  await reader.read()
  return { clock, fake, reader }
}

const count = (events: readonly NodeEvent[], type: NodeEventType) =>
  events.filter(event => event.type === type).length

describe('the fake network', () => {
  it('does the very same for the same seed and the same steps, and something else for another', async () => {
    const story = async (seed: number) =>
      JSON.stringify((await networkAfter(5 * MINUTE, { seed })).reader.events)
    expect(await story(1)).toBe(await story(1))
    expect(await story(1)).not.toBe(await story(2))
  })

  it('does the same whether time passes in one step or in many', async () => {
    const { reader } = await networkAfter(MINUTE)
    const clock = new ManualClock()
    const { port } = startFakePort({ clock })
    const stepped = new PortReader(port, { capacity: 200_000 })
    for (let n = 0; n < 600; n += 1) clock.advance(100)
    await stepped.read()
    expect(JSON.stringify(stepped.events)).toBe(JSON.stringify(reader.events))
  })

  it('is lively: within five minutes everything happens that happens to a node', async () => {
    const { reader } = await networkAfter(5 * MINUTE)
    const seen = new Set(reader.events.map(({ type }) => type))
    const expected: NodeEventType[] = [
      'node:started',
      'listen:opened',
      'peer:discovered',
      'peer:refreshed',
      'peer:expired',
      'peer:identified',
      'dial:started',
      'dial:progressed',
      'dial:succeeded',
      'dial:failed',
      'connection:opened',
      'connection:closed',
      'connection:refused',
      'stream:opened',
      'stream:closed',
      'ping:succeeded',
      'ping:failed',
      'ping:answered',
      'traffic:sampled',
      'warning:raised',
      'warning:cleared',
    ]
    expect(expected.filter(type => !seen.has(type))).toEqual([])
    expect(count(reader.events, 'traffic:sampled')).toBe(299)
    expect(new Set(reader.of('connection:opened').map(({ direction }) => direction)).size).toBe(2)
    expect(new Set(reader.of('peer:expired').map(({ reason }) => reason))).toEqual(
      new Set(['ttl', 'goodbye']),
    )
    expect(new Set(reader.of('peer:discovered').map(({ source }) => source))).toEqual(
      new Set(['mdns', 'known']),
    )
  })

  it('shows something in the first seconds', async () => {
    const { reader } = await networkAfter(3000)
    expect(reader.state.node.status).toBe('running')
    expect(reader.state.peers.size).toBeGreaterThan(3)
    expect((await networkAfter(25_000)).reader.state.connections.size).toBeGreaterThan(3)
  })

  it('emits events as the schema has them, from private networks and such for documentation', async () => {
    const { reader } = await networkAfter(5 * MINUTE)
    for (const event of reader.events)
      (eventSchemas[event.type] as { parse(value: unknown): unknown }).parse(event)
    const hosts = new Set(JSON.stringify(reader.events).match(/(?<=\/ip[46]\/)[^/"]+/gu))
    const allowed = /^(127\.0\.0\.1|192\.168\.|10\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)/
    expect([...hosts].filter(host => !allowed.test(host))).toEqual([])
    expect(hosts.size).toBeGreaterThan(10)
  })

  it('has near peers and far ones, and one that loses pings', async () => {
    const { fake, reader } = await networkAfter(10 * MINUTE)
    const near = fake.peers.filter(peer => peer.near).map(({ peerId }) => peerId)
    const medians = new Map(
      [...reader.state.peers.values()].flatMap(({ peerId, ping }) => {
        const rtts = ping.samples.filter(sample => sample !== null).sort((a, b) => a - b)
        const median = rtts[rtts.length >> 1]
        return median === undefined ? [] : [[peerId, median] as const]
      }),
    )
    const far = [...medians].filter(([peerId]) => !near.includes(peerId)).map(([, median]) => median)
    for (const peerId of near) if (medians.has(peerId)) expect(medians.get(peerId)).toBeLessThan(4)
    expect(Math.min(...far)).toBeGreaterThan(10)
    expect([...reader.state.peers.values()].filter(({ ping }) => ping.lost > 2)).toHaveLength(1)
  })

  it('has counts that agree with each other', async () => {
    const { reader } = await networkAfter(5 * MINUTE)
    let before = 0
    for (const { total, peers } of reader.of('traffic:sampled')) {
      expect(total.bytesIn - before).toBe(total.rateIn)
      expect(peers.reduce((sum, { rateIn }) => sum + rateIn, 0)).toBe(total.rateIn)
      before = total.bytesIn
    }
    const { connections, peers, traffic } = reader.state
    expect(connections.size).toBe(
      [...peers.values()].reduce((sum, peer) => sum + peer.connectionIds.length, 0),
    )
    expect([...peers.values()].reduce((sum, peer) => sum + peer.bytesIn, 0)).toBe(traffic.bytesIn)
  })

  it('has accounts that agree with what is open', async () => {
    const { fake, reader } = await networkAfter(MINUTE)
    const { connections, peers } = reader.state
    const { accounts } = await fake.port.request('accounts', {})
    const of = (kind: string) => accounts.filter(account => account.kind === kind)
    expect(of('connection').length).toBeGreaterThan(1)
    for (const { connectionId = say``, peerId, streams } of of('connection')) {
      expect(connections.get(connectionId)).toMatchObject({ peerId })
      expect(connections.get(connectionId)?.streams).toHaveLength(streams)
    }
    for (const { peerId = say``, sockets } of of('peer')) {
      expect(peers.get(peerId)?.connectionIds).toHaveLength(sockets)
    }
    expect(of('protocol').reduce((sum, { bufferedBytes }) => sum + bufferedBytes, 0)).toBeGreaterThan(0)
    expect(Math.max(...of('host').map(({ eventsPerSecond }) => eventsPerSecond))).toBeGreaterThan(0)
  })

  it('stands still when it is told to, but for what is asked and what is in the script', async () => {
    const event = { type: 'warning:raised', topic: 'node', cause: say`Hm`, hint: say`Well` } as const
    const { clock, fake, reader } = await networkAfter(MINUTE, {
      lively: false,
      script: [{ afterMs: 2000, event }],
    })
    expect(new Set(reader.events.map(({ type }) => type))).toEqual(
      new Set(['node:started', 'limits:set', 'listen:opened', 'peer:discovered', 'warning:raised']),
    )
    expect(reader.events.at(-1)?.time).toBe(new ManualClock().now() + 2000)
    expect(clock.pending).toBe(0)
    fake.emit(event)
    await reader.read()
    expect(reader.of('warning:raised')).toHaveLength(2)
  })

  it.each([0, 3, 1000])('has %i peers if that is wanted', async peers => {
    const { fake, reader } = await networkAfter(100, { peers, lively: false })
    expect(fake.peers).toHaveLength(peers)
    expect(reader.state.peers.size).toBe(peers)
    const addresses = [...reader.state.peers.values()].flatMap(peer => peer.addresses)
    expect(new Set(addresses).size).toBe(peers)
  })

  it('leaves no timer behind when it stops', async () => {
    const { clock, fake } = await networkAfter(MINUTE)
    await fake.port.stop()
    expect(clock.pending).toBe(0)
  })
})
