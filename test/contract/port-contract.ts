/** What every port keeps, whatever is behind it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventSchemas } from '../../src/core/event-schema.ts'
import type { NodeEvent } from '../../src/core/events.ts'
import { type Failure, RequestFailed } from '../../src/core/failure.ts'
import type { NodePort } from '../../src/core/port.ts'
import { safeMessage, safeText } from '../../src/core/safe-text.ts'
import { comparable, PortReader } from '../support/port-reader.ts'

/** A port over a node that runs, and the world around it. */
export interface PortUnderTest {
  port: NodePort
  /** Someone who accepts connections and answers pings. `address` ends in the Peer ID. */
  peer: { peerId: string; address: string }
  /** Dialing it neither succeeds nor fails within the next seconds. */
  silent: string
  /** Ends all that is not the port's. */
  close?(): Promise<void>
}

/** A well-formed Peer ID that nobody has. */
const STRANGER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const REFUSED = '/ip4/127.0.0.1/tcp/1'

export function describePort(name: string, start: () => Promise<PortUnderTest>): void {
  describe(`the port ${name}`, () => {
    let world: PortUnderTest
    let port: NodePort
    let reader: PortReader

    beforeEach(async () => {
      world = await start()
      port = world.port
      reader = new PortReader(port)
    })

    afterEach(async () => {
      await port.stop()
      await world.close?.()
    })

    const dial = (target = world.peer.address) => port.request('dial', { target })

    describe('what a reader gets', () => {
      it('begins with a snapshot of the present', async () => {
        await reader.read()
        const snapshot = reader.batches[0]?.snapshot
        expect(snapshot?.node.status).toBe('running')
        expect(snapshot?.seq).toBeGreaterThan(0)
        expect(reader.dropped).toBe(0)
      })

      it('is every event, numbered without a gap, as the schema says', async () => {
        await dial()
        await port.request('ping', { peerId: world.peer.peerId })
        await port.request('hangUp', { peerId: world.peer.peerId })
        await reader.event('connection:closed')
        expect(gaps(reader.events)).toEqual([])
        for (const event of reader.events) {
          const schema = eventSchemas[event.type] as { parse(value: unknown): unknown }
          expect(schema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event)
        }
      })

      it('sums up to what a later reader is told', async () => {
        await dial()
        await port.request('keepPinging', { peerId: world.peer.peerId, on: true })
        await reader.event('ping:succeeded')
        await port.request('keepPinging', { peerId: world.peer.peerId, on: false })
        const late = new PortReader(port)
        await late.read()
        const told = late.batches[0]?.snapshot
        if (told === undefined) throw new Error('no snapshot')
        await reader.until(({ state }) => state.seq >= told.seq)
        expect(comparable(reader.stateAt(told.seq))).toEqual(comparable(told))
        expect(told.connections).toHaveLength(1)
      })

      it('comes to each reader on its own', async () => {
        const small = new PortReader(port, { capacity: 1 })
        await small.read()
        await dial()
        await reader.event('dial:succeeded')
        await small.until(({ state }) => state.seq >= reader.state.seq)
        expect(reader.dropped).toBe(0)
        expect(gaps(reader.events)).toEqual([])
        expect(comparable(small.state).connections.map(({ peerId }) => peerId)).toEqual([world.peer.peerId])
      })

      it('is counted where it was lost, and repaired by a snapshot', async () => {
        const slow = new PortReader(port, { capacity: 1 })
        await slow.read()
        const before = slow.state.seq
        await dial()
        await reader.event('dial:succeeded')
        await reader.event('peer:identified')
        await slow.read()
        const batch = slow.batches[1]
        expect(batch?.dropped).toBeGreaterThan(0)
        expect(batch?.lost?.[0]?.count).toBeGreaterThan(0)
        const last = batch?.events.at(-1)?.seq ?? 0
        expect((batch?.events.length ?? 0) + (batch?.dropped ?? 0)).toBe(last - before)
        expect(batch?.snapshot?.seq).toBeGreaterThanOrEqual(batch?.events.at(-1)?.seq ?? 0)
      })

      it('goes back a little, if a late reader wants that', async () => {
        await dial()
        await reader.event('dial:succeeded')
        const late = new PortReader(port, { recent: true })
        await late.read()
        expect(late.of('node:started')).toHaveLength(1)
        expect(late.of('dial:succeeded')).toHaveLength(1)
        expect(gaps(late.events)).toEqual([])
        expect(late.state.connections.size).toBe(1)
      })

      it('ends when the reader leaves, even while it waits', async () => {
        await reader.read()
        const waiting = reader.rest()
        reader.subscription.close()
        reader.subscription.close()
        await waiting
        expect(await reader.subscription.next()).toBeUndefined()
        expect((await dial()).peerId).toBe(world.peer.peerId)
      })

      it('has a ring of at least one event', () => {
        for (const capacity of [0, -1, 1.5, Number.NaN])
          expect(() => port.subscribe({ capacity })).toThrow(RangeError)
      })
    })

    describe('a request', () => {
      it('dials, and says what came of it', async () => {
        const result = await dial()
        expect(result).toMatchObject({ peerId: world.peer.peerId, existing: false })
        const opened = await reader.event('connection:opened')
        expect(opened).toMatchObject({ peerId: world.peer.peerId, direction: 'outbound' })
        expect(opened.connectionId).toBe(result.connectionId)
        expect((await reader.event('dial:succeeded')).connectionId).toBe(result.connectionId)
        expect(reader.of('dial:started')).toHaveLength(1)
        expect(reader.state.dials.size).toBe(0)
      })

      it('is named by the events that it causes', async () => {
        await port.request('dial', { target: world.peer.address }, { id: safeText('mine') })
        await reader.event('dial:succeeded')
        for (const type of ['dial:started', 'dial:succeeded'] as const)
          expect(reader.of(type).map(({ requestId }) => requestId)).toEqual(['mine'])
      })

      it('has a name of its own without one', async () => {
        await dial()
        await dial(REFUSED).catch(() => {})
        await reader.event('dial:failed')
        const names = reader.of('dial:started').map(({ requestId }) => requestId)
        expect(new Set(names).size).toBe(2)
        expect(names).not.toContain(undefined)
      })

      it('that fails says where, why, and what to do', async () => {
        const failure = await failureOf(dial(REFUSED))
        expect(failure.stage).toBe('connect')
        const event = await reader.event('dial:failed')
        expect(event).toMatchObject({ ...failure, target: REFUSED })
        expect(reader.state.dials.size).toBe(0)
      })

      it.each([
        ['dial', { target: 'no \u001b[31maddress' }],
        ['dial', { target: '' }],
        ['dial', { target: STRANGER }],
        ['ping', { peerId: STRANGER }],
        ['ping', { peerId: 'nobody' }],
        ['keepPinging', { peerId: STRANGER, on: true }],
        ['hangUp', { peerId: STRANGER }],
        ['hangUp', { peerId: 'nobody' }],
        ['closeConnection', { connectionId: 'nobody' }],
        ['listen', { address: 'everywhere' }],
        ['reserve', { relay: 'nowhere' }],
        ['reserve', { relay: `/ip4/127.0.0.1/tcp/1/p2p/${STRANGER}/p2p-circuit/p2p/${STRANGER}` }],
        ['unlisten', { address: '/ip4/127.0.0.1/tcp/1' }],
        ['name', { peerId: 'nobody', name: 'Anna' }],
        ['name', { peerId: STRANGER, name: ' Anna' }],
        ['name', { peerId: STRANGER, name: 'x'.repeat(33) }],
        ['keep', { peerId: 'nobody', on: true }],
        ['forget', { peerId: 'nobody' }],
        ['forget', { peerId: STRANGER }],
        ['query', { query: 'find', subject: 'nobody', value: '' }],
        ['query', { query: 'everything', subject: STRANGER, value: '' }],
        ['query', { query: 'get', subject: 'motd', value: '' }],
        ['explode', {}],
      ] as const)('%s %j is told why not', async (kind, params) => {
        await failureOf(port.request(kind as 'dial', params as never))
      })

      it('ends when it is called off', async () => {
        const controller = new AbortController()
        const dialing = port.request('dial', { target: world.silent }, { signal: controller.signal })
        await reader.event('dial:started')
        controller.abort()
        expect(await failureOf(dialing)).toMatchObject({ stage: 'request', cause: 'Cancelled' })
        await reader.event('dial:failed')
        expect(reader.state.dials.size).toBe(0)
      })

      it('does not begin when it has been called off before', async () => {
        const signal = AbortSignal.abort()
        const dialing = port.request('dial', { target: world.peer.address }, { signal })
        expect(await failureOf(dialing)).toMatchObject({ stage: 'request', cause: 'Cancelled' })
        await dial()
        await reader.event('dial:succeeded')
        expect(reader.of('dial:started')).toHaveLength(1)
      })

      it('ends when its time is up', async () => {
        const dialing = port.request('dial', { target: world.silent }, { deadlineMs: 40 })
        expect(await failureOf(dialing)).toMatchObject({
          stage: 'request',
          cause: 'Took longer than 0.04 s',
        })
        await reader.event('dial:failed')
        expect(reader.state.dials.size).toBe(0)
      })
    })

    describe('a dial', () => {
      it('of the same target twice at once is one connection', async () => {
        const results = await Promise.all([dial(), dial()])
        expect(new Set(results.map(({ connectionId }) => connectionId)).size).toBe(1)
        await reader.event('peer:identified')
        expect(reader.of('connection:opened')).toHaveLength(1)
      })

      it('of a connected peer finds the connection', async () => {
        const first = await dial()
        expect(await dial()).toMatchObject({ connectionId: first.connectionId, existing: true })
        expect(await dial(world.peer.peerId)).toMatchObject({ existing: true })
      })

      it('of the node itself is told so', async () => {
        await reader.read()
        const own = reader.state.node.peerId ?? ''
        expect((await failureOf(dial(own))).cause).toMatch(/itself/)
        expect((await failureOf(dial(`/ip4/127.0.0.1/tcp/4001/p2p/${own}`))).cause).toMatch(/itself/)
      })
    })

    describe('with a peer connected', () => {
      beforeEach(async () => {
        await dial()
      })

      it('pings it', async () => {
        const result = await port.request('ping', { peerId: world.peer.peerId })
        expect(result.rttMs).toBeGreaterThan(0)
        const event = await reader.event('ping:succeeded', ({ rttMs }) => rttMs === result.rttMs)
        expect(event.peerId).toBe(world.peer.peerId)
        expect(event.requestId).toBeDefined()
      })

      it('keeps pinging it until that is enough', async () => {
        const { peerId } = world.peer
        const keep = (on: boolean) => port.request('keepPinging', { peerId, on })
        expect(await keep(true)).toEqual({ running: true })
        await reader.event('ping:succeeded')
        expect(reader.state.peers.get(peerId)?.pingIntervalMs).toBe(1000)
        expect(await keep(false)).toEqual({ running: false })
        await reader.event('ping:stopped')
        expect(reader.state.peers.get(peerId)).not.toHaveProperty('pingIntervalMs')
      })

      it('closes one connection, and says why it ended and how many are left', async () => {
        const { peerId } = world.peer
        const { connectionId } = await reader.event('connection:opened')
        const closed = await port.request('closeConnection', { connectionId })
        expect(closed).toEqual({ peerId, connectionId, others: 0 })
        expect(await reader.event('connection:closed')).toMatchObject({
          connectionId,
          reason: 'You closed it',
        })
        expect((await failureOf(port.request('closeConnection', { connectionId }))).cause).toMatch(/no such/)
      })

      it('has an account of what it has', async () => {
        const { peerId } = world.peer
        const { connectionId } = await reader.event('connection:opened')
        const { accounts } = await port.request('accounts', {})
        const of = (kind: string) => accounts.filter(account => account.kind === kind)
        expect(of('connection')).toMatchObject([{ connectionId, peerId, sockets: 1 }])
        expect(of('peer')).toMatchObject([{ peerId, sockets: 1 }])
        expect(of('host')).toMatchObject([{ sockets: 1 }])
        await port.request('hangUp', { peerId })
        await reader.event('connection:closed')
        const later = (await port.request('accounts', {})).accounts
        expect(later.filter(({ sockets }) => sockets > 0)).toEqual([])
      })

      it('hangs up', async () => {
        const { peerId } = world.peer
        expect(await port.request('hangUp', { peerId })).toEqual({ closed: 1 })
        await reader.event('connection:closed')
        expect(reader.state.peers.get(peerId)?.presence).not.toBe('connected')
        expect((await failureOf(port.request('hangUp', { peerId }))).cause).toMatch(/no connection/)
      })
    })

    describe('plans', () => {
      it('name a peer once, and take the name back', async () => {
        const { peerId } = world.peer
        const name = (words: string, id = peerId) => port.request('name', { peerId: id, name: words })
        expect(await name('Anna')).toEqual({ peerId, name: 'Anna', warnings: [] })
        await reader.event('name:given')
        expect(reader.state.peers.get(peerId)?.name).toBe('Anna')
        expect((await failureOf(name('Anna', STRANGER))).cause).toContain('already')
        expect((await name('\u0410nna', STRANGER)).warnings).toHaveLength(1)
        expect(await name('')).toEqual({ peerId, before: 'Anna', warnings: [] })
        await reader.event('name:taken')
        expect(reader.state.peers.get(peerId)).not.toHaveProperty('name')
      })

      it('keep a connection until one hangs up', async () => {
        const { peerId } = world.peer
        await dial()
        expect(await port.request('keep', { peerId, on: true })).toEqual({ peerId, kept: true })
        await reader.event('keep:started')
        expect(reader.state.peers.get(peerId)?.keep).toEqual({ attempt: 0 })
        await port.request('hangUp', { peerId })
        await reader.event('keep:stopped')
        expect(reader.state.peers.get(peerId)).not.toHaveProperty('keep')
      })

      it('say each try to reach a kept peer, and why it was in vain', async () => {
        await port.request('keep', { peerId: STRANGER, on: true })
        const tried = await reader.event('keep:tried')
        expect(tried).toMatchObject({ peerId: STRANGER, attempt: 1 })
        expect(tried.cause.trim()).not.toBe('')
        expect(await port.request('hangUp', { peerId: STRANGER })).toEqual({ closed: 0 })
      })

      it('forget a peer that is not connected', async () => {
        const { peerId } = world.peer
        await dial()
        expect((await failureOf(port.request('forget', { peerId }))).cause).toMatch(/connected/)
        await port.request('hangUp', { peerId })
        await reader.event('connection:closed')
        await port.request('forget', { peerId })
        expect(await reader.event('peer:forgotten')).toMatchObject({ peerId, asked: true })
        expect(reader.state.peers.has(peerId)).toBe(false)
      })
    })

    it('listens on one more address', async () => {
      const { addresses } = await port.request('listen', { address: '/ip4/127.0.0.1/tcp/0' })
      expect(addresses).toHaveLength(1)
      const event = await reader.event('listen:opened', ({ address }) => address === addresses[0])
      expect(event.address).toMatch(/\/ip4\/127\.0\.0\.1\/tcp\/[1-9]\d*\/p2p\/12D3KooW/)
      expect(reader.state.node.listening).toContain(event.address)
    })

    it('ends listening on an address', async () => {
      const { addresses } = await port.request('listen', { address: '/ip4/127.0.0.1/tcp/0' })
      const [address = ''] = addresses
      expect(await port.request('unlisten', { address })).toEqual({ addresses })
      await reader.event('listen:closed', closed => closed.address === address)
      expect(reader.state.node.listening).not.toContain(address)
      expect((await failureOf(port.request('unlisten', { address }))).cause).toMatch(/does not listen on/)
    })

    describe('after its end', () => {
      it('has stopped as asked, however often', async () => {
        await Promise.all([port.stop(), port.stop()])
        await port.stop()
        expect(await port.ended).toEqual({ how: 'stopped' })
      })

      it('fails requests, those under way too', async () => {
        const dialing = failureOf(dial(world.silent))
        await reader.event('dial:started')
        await port.stop()
        expect((await dialing).stage).toBe('request')
        expect((await failureOf(dial())).stage).toBe('request')
      })

      it('gives each reader the rest, then the end', async () => {
        const unread = new PortReader(port)
        const waiting = new PortReader(port)
        await waiting.read()
        const rest = waiting.rest()
        await port.stop()
        await rest
        await unread.rest()
        for (const { state } of [unread, waiting]) expect(state.node.status).toBe('stopped')
        expect(gaps(waiting.events)).toEqual([])
        expect(await unread.subscription.next()).toBeUndefined()
      })

      it('gives a new reader just the end', async () => {
        await port.stop()
        const late = port.subscribe()
        expect(await late.next()).toBeUndefined()
        late.close()
      })
    })
  })
}

/** The failure of a request that must fail, after a look at its shape. */
async function failureOf(request: Promise<unknown>): Promise<Failure> {
  const error = await request.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(RequestFailed)
  const { failure } = error as RequestFailed
  for (const text of [failure.cause, failure.hint]) {
    expect(text.trim()).not.toBe('')
    expect(safeMessage(text)).toBe(text)
  }
  return failure
}

/** Where the numbers of successive events do not. */
function gaps(events: readonly NodeEvent[]): number[] {
  return events.slice(1).flatMap((event, index) => {
    const before = events[index]
    return before === undefined || event.seq === before.seq + 1 ? [] : [event.seq]
  })
}
