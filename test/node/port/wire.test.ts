import { describe, expect, it } from 'vitest'
import type { Failure } from '../../../src/core/failure.ts'
import { RequestFailed } from '../../../src/core/failure.ts'
import { say } from '../../../src/core/safe-text.ts'
import { startFakePort } from '../../../src/node/fake/fake-port.ts'
import { connectPort, GRACE_MS } from '../../../src/node/port/connect-port.ts'
import { servePort } from '../../../src/node/port/serve-port.ts'
import type { ToNode } from '../../../src/node/port/wire.ts'
import { JsonChannel, settled } from '../../support/json-channel.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { PortReader } from '../../support/port-reader.ts'

const LOST: Failure = { stage: 'request', cause: say`The cable is cut`, hint: say`Mend it` }
const SILENT = { target: '/ip4/192.0.2.1/tcp/4001' }
const warning = { type: 'warning:raised', topic: 'node', cause: say`Hm`, hint: say`Well` } as const

function connected({ served = true } = {}) {
  const clock = new ManualClock()
  const channel = new JsonChannel()
  const fake = startFakePort({ clock, lively: false })
  clock.advance(10)
  const stopServing = served ? servePort(fake.port, channel.nodeEnd) : () => {}
  const port = connectPort(channel.userEnd, clock)
  const sent = (type: ToNode['type']) => channel.toNode.filter(message => message.type === type)
  return { clock, channel, fake, port, sent, stopServing }
}

async function causeOf(request: Promise<unknown>): Promise<string> {
  const error = await request.catch((reason: unknown) => reason)
  if (!(error instanceof RequestFailed)) throw new Error('not a RequestFailed')
  return error.failure.cause
}

describe('a port over messages', () => {
  it('sends nothing to a reader that does not pull', async () => {
    const { channel, fake, port } = connected()
    port.subscribe()
    for (let n = 0; n < 100; n += 1) fake.emit(warning)
    await settled()
    expect(channel.fromNode).toEqual([])
    expect(channel.toNode).toHaveLength(1)
  })

  it('has one pull under way for a reader, however many wait', async () => {
    const { channel, fake, port, sent } = connected()
    const reader = port.subscribe()
    await reader.next()
    const waiting = [reader.next(), reader.next(), reader.next()]
    await settled()
    expect(sent('pull')).toHaveLength(2)
    fake.emit(warning)
    await settled()
    expect(sent('pull')).toHaveLength(3)
    expect((await waiting[0])?.events).toHaveLength(1)
    reader.close()
    expect(await Promise.all(waiting.slice(1))).toEqual([undefined, undefined])
    expect(channel.fromNode.filter(({ type }) => type === 'batch')).toHaveLength(2)
  })

  it('answers one pull at a time, whatever the other side sends', async () => {
    const { channel, fake } = connected()
    channel.userEnd.send({ type: 'subscribe', reader: 1 })
    for (let n = 0; n < 50; n += 1) channel.userEnd.send({ type: 'pull', reader: 1 })
    await settled()
    const before = channel.fromNode.length
    for (let n = 0; n < 50; n += 1) fake.emit(warning)
    await settled()
    expect(channel.fromNode.length - before).toBeLessThanOrEqual(1)
  })

  it('no longer counts a reader that has left', async () => {
    const { channel, fake, port } = connected()
    const reader = port.subscribe()
    void reader.next()
    await settled()
    void reader.next()
    reader.close()
    await settled()
    const before = channel.fromNode.length
    fake.emit(warning)
    await settled()
    expect(channel.fromNode).toHaveLength(before)
  })

  it('settles everything when the channel is lost', async () => {
    const { channel, clock, port } = connected()
    const reader = port.subscribe()
    await reader.next()
    const pending = [reader.next(), reader.next()]
    const idle = port.subscribe()
    const dialing = causeOf(port.request('dial', SILENT))
    await settled()
    channel.cut(LOST)
    expect(await dialing).toBe('The node is gone: The cable is cut')
    // The first had heard of the dial by then.
    expect((await Promise.all(pending)).at(-1)).toBeUndefined()
    expect(await idle.next()).toBeUndefined()
    expect(await port.subscribe().next()).toBeUndefined()
    expect(await port.ended).toEqual({ how: 'failed', failure: LOST })
    expect(await causeOf(port.request('dial', SILENT))).toMatch(/gone/)
    await port.stop()
    await settled()
    // Nothing of the user's side waits; the fake's own dial was cancelled.
    expect(clock.pending).toBe(0)
  })

  it('leaves the node alone when the other side goes, but for its requests', async () => {
    const { fake, port, stopServing } = connected()
    const watcher = new PortReader(fake.port)
    void causeOf(port.request('dial', SILENT))
    await watcher.event('dial:started')
    stopServing()
    await watcher.event('dial:failed')
    expect(watcher.state.node.status).toBe('running')
  })

  it('was stopped as asked, even if the channel breaks on the way', async () => {
    const { channel, port } = connected({ served: false })
    const stopping = port.stop()
    channel.cut(LOST)
    await stopping
    expect(await port.ended).toEqual({ how: 'stopped' })
  })

  it('ends a request at a node that does not answer at all', async () => {
    const { clock, port } = connected({ served: false })
    const late = causeOf(port.request('ping', { peerId: 'x' }, { deadlineMs: 500 }))
    const controller = new AbortController()
    const called = causeOf(port.request('ping', { peerId: 'x' }, { signal: controller.signal }))
    controller.abort()
    expect(await called).toBe('Cancelled')
    clock.advance(500 + GRACE_MS)
    expect(await late).toBe('Took longer than 0.5 s')
    expect(clock.pending).toBe(0)
  })

  it('lets the node be the one that says that time is up', async () => {
    const { clock, fake, port } = connected()
    const watcher = new PortReader(fake.port)
    const late = causeOf(port.request('dial', SILENT, { deadlineMs: 500 }))
    await watcher.event('dial:started')
    clock.advance(500)
    expect(await late).toBe('Took longer than 0.5 s')
  })

  it('fails a request that is no plain data, and goes on', async () => {
    const { port } = connected()
    const circle: { self?: unknown } = {}
    circle.self = circle
    expect(await causeOf(port.request('dial', { target: circle as never }))).toMatch(/circular/i)
    const address = '/ip4/127.0.0.1/tcp/0'
    expect((await port.request('listen', { address })).addresses).toHaveLength(1)
  })
})

describe('the node’s side', () => {
  it.each([
    null,
    1,
    'stop',
    [],
    {},
    { type: 'request' },
    { type: 'request', call: 'x', kind: 'dial', deadlineMs: 1 },
    { type: 'pull' },
    { type: 'pull', reader: 99 },
    { type: 'cancel', call: 99 },
    { type: 'unsubscribe', reader: 99 },
    { type: '__proto__' },
  ])('ignores %j', async message => {
    const { channel, fake, port } = connected()
    channel.userEnd.send(message as unknown as ToNode)
    await settled()
    expect(channel.fromNode).toEqual([])
    await port.request('listen', { address: '/ip4/127.0.0.1/tcp/0' })
    expect(fake.state().node.status).toBe('running')
  })

  it.each([
    ['explode', {}, /No such request: explode/],
    ['constructor', {}, /No such request/],
    ['\u001b[2J', {}, /No such request: \uFFFD\[2J/],
    ['dial', undefined, /Wrong parameters for dial/],
    ['dial', { target: 1 }, /Wrong parameters/],
    ['keepPinging', { peerId: 'x', on: 'yes' }, /Wrong parameters/],
  ])('answers the request %s %j with a failure', async (kind, params, cause) => {
    const { port } = connected()
    expect(await causeOf(port.request(kind as 'dial', params as never))).toMatch(cause)
  })

  it.each([0, -1, 'lots', 1e9, 1.5, null])(
    'gives a reader that asks for a ring of %j a usable one',
    async capacity => {
      const { channel, fake } = connected()
      channel.userEnd.send({ type: 'subscribe', reader: 1, capacity } as unknown as ToNode)
      await settled()
      fake.emit(warning)
      channel.userEnd.send({ type: 'pull', reader: 1 })
      await settled()
      expect(channel.fromNode).toMatchObject([{ type: 'batch', reader: 1, batch: { dropped: 0 } }])
    },
  )

  it.each([-1, 'long', null, 1e12])('does not let routine wait for %j', async routineWaitMs => {
    const { channel, fake, clock } = connected()
    channel.userEnd.send({ type: 'subscribe', reader: 1, routineWaitMs } as unknown as ToNode)
    channel.userEnd.send({ type: 'pull', reader: 1 })
    await settled()
    channel.userEnd.send({ type: 'pull', reader: 1 })
    await settled()
    fake.emit({ type: 'ping:answered', peerId: say`p` })
    clock.advance(10_000)
    await settled()
    expect(channel.fromNode).toHaveLength(2)
  })

  it('does not let a second request take the number of a first', async () => {
    const { channel } = connected()
    const request = { type: 'request', call: 1, kind: 'dial', params: SILENT, deadlineMs: 9000 } as const
    channel.userEnd.send(request)
    channel.userEnd.send({ ...request, kind: 'hangUp', params: { peerId: 'x' } })
    await settled()
    expect(channel.fromNode).toEqual([])
    channel.userEnd.send({ type: 'cancel', call: 1 })
    await settled()
    expect(channel.fromNode).toMatchObject([{ type: 'failed', call: 1, failure: { cause: 'Cancelled' } }])
  })
})
