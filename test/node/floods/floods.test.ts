import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { type SafeText, say } from '../../../src/core/safe-text.ts'
import { Floods } from '../../../src/node/floods/floods.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { stateAfter } from '../../support/swarm-events.ts'

const PEER = say`mallory`
const ping = (peerId: SafeText = PEER): NewEvent<'ping:answered'> => ({
  type: 'ping:answered',
  peerId,
  connectionId: say`c1`,
})

const connection = (n: number, host = '192.0.2.7'): NewEvent<'connection:opened'> => ({
  type: 'connection:opened',
  peerId: say`peer${n}`,
  connectionId: say`c${n}`,
  address: say`/ip4/${host as SafeText}/tcp/${n}`,
  direction: 'inbound',
  transport: say`tcp`,
  encryption: say`/noise`,
  muxer: say`/yamux/1.0.0`,
})
const disconnection = (n: number): NewEvent<'connection:closed'> => ({
  type: 'connection:closed',
  peerId: say`peer${n}`,
  connectionId: say`c${n}`,
  reason: say`bye`,
  durationMs: 1,
  bytesIn: 10,
  bytesOut: 1,
})

const streamOf = (id: string, connectionId = say`c1`) => ({
  peerId: PEER,
  connectionId,
  streamId: id as SafeText,
  protocol: say`/x`,
  direction: 'inbound' as const,
})
const opened = (id: string, connectionId?: SafeText): NewEvent => ({
  type: 'stream:opened',
  ...streamOf(id, connectionId),
})
const closed = (id: string, connectionId?: SafeText): NewEvent => ({
  type: 'stream:closed',
  ...streamOf(id, connectionId),
  reason: say`Done`,
  bytesIn: 2,
  bytesOut: 3,
})

function start() {
  const clock = new ManualClock()
  const told: NewEvent[] = []
  const floods = new Floods({ clock, tell: event => told.push(event) })
  const of = <T extends NewEvent['type']>(type: T) =>
    told.filter(event => event.type === type) as unknown as NewEvent<T>[]
  return { clock, told, floods, of }
}

const times = (count: number, event: (n: number) => NewEvent) =>
  Array.from({ length: count }, (_, n) => event(n))
const sum = (events: readonly { count?: number | undefined }[]) =>
  events.reduce((all, { count = 1 }) => all + count, 0)

describe('what is no flood', () => {
  it.each<[string, NewEvent[]]>([
    ['20 pings at once', times(20, () => ping())],
    ['64 streams at once', [...times(64, n => opened(`s${n}`)), ...times(64, n => closed(`s${n}`))]],
    ['60 connections of one host', [...times(60, connection), ...times(60, disconnection)]],
    ['what was asked for', times(500, () => ({ ...ping(), requestId: say`r1` }))],
    ['connections of ours', times(500, n => ({ ...connection(n), direction: 'outbound' }))],
    ['pings of a crowd', times(500, n => ping(say`peer${n}`))],
  ])('passes as it is: %s', (_, events) => {
    const { clock, told, floods } = start()
    for (const event of events) floods.emit(event)
    expect(told).toEqual(events)
    expect(clock.pending).toBe(0)
  })

  it('passes for ever at a pace that a person keeps', () => {
    const { clock, told, floods } = start()
    for (let n = 0; n < 1000; n += 1) {
      floods.emit(ping())
      clock.advance(100)
    }
    expect(told).toHaveLength(1000)
  })
})

describe('a flood of pings', () => {
  it('is told with a count within two seconds, then ever more seldom, and adds up', () => {
    const { clock, told, floods } = start()
    for (let second = 0; second < 600; second += 1) {
      for (let n = 0; n < 1000; n += 1) floods.emit(ping())
      clock.advance(1000)
      if (second === 1) expect(sum(told as { count?: number }[])).toBeGreaterThanOrEqual(1000)
    }
    clock.advance(60_000)
    expect(sum(told as { count?: number }[])).toBe(600_000)
    // The first hundred, and a few each time that the count is told.
    expect(told.length).toBeLessThan(150)
    expect(clock.pending).toBe(0)
  })

  it('of one peer hides no ping of another', () => {
    const { told, floods } = start()
    for (let n = 0; n < 1000; n += 1) floods.emit(ping())
    floods.emit(ping(say`alice`))
    expect(told.at(-1)).toMatchObject({ peerId: 'alice' })
  })

  it('that is over lets pings pass again, and remembers no more peers than it may', () => {
    const { clock, told, floods } = start()
    for (let n = 0; n < 1000; n += 1) floods.emit(ping())
    for (let n = 0; n < 5000; n += 1) floods.emit(ping(say`peer${n}`))
    // Forgotten for the crowd's sake, and its count was told then.
    expect(sum(told as { count?: number }[])).toBe(6000)
    clock.advance(1000)
    const before = told.length
    floods.emit(ping())
    expect(told).toHaveLength(before + 1)
  })

  it('is told to the end when the node stops', () => {
    const { clock, told, floods } = start()
    for (let n = 0; n < 1000; n += 1) floods.emit(ping())
    floods.stop()
    expect(sum(told as { count?: number }[])).toBe(1000)
    expect(clock.pending).toBe(0)
    floods.emit(ping())
    expect(sum(told as { count?: number }[])).toBe(1001)
  })
})

describe('a flood of streams', () => {
  it('that come and go is counted, with their bytes', () => {
    const { clock, told, floods, of } = start()
    for (let n = 0; n < 5000; n += 1) {
      floods.emit(opened(`s${n}`))
      floods.emit(closed(`s${n}`))
    }
    clock.advance(2000)
    expect(sum(of('stream:closed'))).toBe(5000)
    expect(of('stream:closed').reduce((bytes, { bytesIn }) => bytes + bytesIn, 0)).toBe(10_000)
    expect(told.length).toBeLessThan(300)
    expect(stateAfter(connection(1), ...told).connections.get(say`c1`)?.streams).toEqual([])
  })

  it('that stay is told a little later, and their ends are', () => {
    const { clock, told, floods, of } = start()
    for (let n = 0; n < 200; n += 1) floods.emit(opened(`s${n}`))
    expect(of('stream:opened')).toHaveLength(128)
    clock.advance(1500)
    expect(of('stream:opened')).toHaveLength(200)
    expect(stateAfter(connection(1), ...told).connections.get(say`c1`)?.streams).toHaveLength(200)
    for (let n = 0; n < 200; n += 1) floods.emit(closed(`s${n}`))
    expect(of('stream:closed')).toHaveLength(200)
    expect(clock.pending).toBe(0)
  })
})

describe('a flood of connections', () => {
  it('of one host is told in few, and names the host', () => {
    const { clock, told, floods, of } = start()
    for (let n = 0; n < 2000; n += 1) {
      floods.emit(connection(n))
      floods.emit(opened(`s${n}`, say`c${n}`))
      floods.emit({ ...ping(), connectionId: say`c${n}` })
      // After the connection that it was on, as libp2p has it.
      floods.emit(disconnection(n))
      floods.emit(closed(`s${n}`, say`c${n}`))
    }
    clock.advance(5000)
    expect(sum(of('connection:closed'))).toBe(2000)
    expect(of('connection:closed').at(-1)).toMatchObject({ host: '192.0.2.7', bytesIn: 19_000 })
    expect(sum(of('ping:answered'))).toBe(2000)
    expect(sum(of('stream:closed'))).toBe(2000)
    expect(told.length).toBeLessThan(700)
    expect(stateAfter(...told).connections.size).toBe(0)
  })

  it('hides no connection of another host, and none that stays', () => {
    const { clock, floods, of, told } = start()
    for (let n = 0; n < 500; n += 1) floods.emit(connection(n))
    floods.emit(connection(1000, '198.51.100.1'))
    expect(of('connection:opened').at(-1)).toMatchObject({ connectionId: 'c1000' })
    clock.advance(1500)
    expect(stateAfter(...told).connections.size).toBe(501)
  })

  it('has what happens on a connection after its beginning, and what was asked for at once', () => {
    const { clock, floods, told } = start()
    for (let n = 0; n < 200; n += 1) floods.emit(connection(n))
    floods.emit(opened('s1', say`c150`))
    floods.emit(opened('s2', say`c160`))
    const before = told.length
    const asked: NewEvent = {
      type: 'dial:succeeded',
      requestId: say`r1`,
      target: say`x`,
      peerId: say`peer160`,
      connectionId: say`c160`,
      address: say`/ip4/192.0.2.7/tcp/160`,
      durationMs: 1,
      existing: true,
    }
    floods.emit(asked)
    expect(told.slice(before).map(({ type }) => type)).toEqual([
      'connection:opened',
      'stream:opened',
      'dial:succeeded',
    ])
    clock.advance(1500)
    const { connections } = stateAfter(...told)
    expect(connections.get(say`c150`)?.streams).toHaveLength(1)
    expect(connections.get(say`c160`)?.streams).toHaveLength(1)
  })

  it('does not keep back that a limit was exceeded', () => {
    const { floods, told } = start()
    for (let n = 0; n < 200; n += 1) floods.emit(connection(n))
    const reason = say`too many`
    floods.emit({
      type: 'limit:exceeded',
      limit: 'frames',
      action: 'closed',
      connectionId: say`c150`,
      reason,
    })
    floods.emit(disconnection(150))
    expect(told.at(-1)).toMatchObject({ type: 'limit:exceeded' })
  })
})

describe('a flood of what a peer says of itself', () => {
  it('ends in what it said last, within two seconds', () => {
    const { clock, told, floods } = start()
    for (let n = 0; n < 1000; n += 1) {
      floods.emit({ type: 'peer:updated', peerId: PEER, addresses: [], protocols: [say`/v${n}`] })
    }
    clock.advance(2000)
    expect(told.at(-1)).toMatchObject({ protocols: ['/v999'] })
    expect(sum(told as { count?: number }[])).toBe(1000)
    expect(told.length).toBeLessThan(30)
  })

  it('that appears and leaves all the time ends in what is so', () => {
    const { clock, told, floods } = start()
    const heard = { peerId: PEER, addresses: [] as SafeText[], source: 'mdns' as const }
    for (let n = 0; n < 500; n += 1) {
      floods.emit({ type: 'peer:discovered', ...heard })
      floods.emit({ type: 'peer:expired', ...heard, reason: 'goodbye' })
    }
    floods.emit({ type: 'peer:discovered', ...heard })
    clock.advance(2000)
    expect(stateAfter(...told).peers.get(PEER)?.presence).toBe('heard')
    expect(told.length).toBeLessThan(30)
  })
})

it('leaves neither ghosts nor gaps in the state, whatever comes and goes when', () => {
  const step = fc.record({
    what: fc.constantFrom('connect', 'disconnect', 'open', 'close', 'ping', 'wait'),
    connection: fc.nat({ max: 3 }),
    stream: fc.nat({ max: 3 }),
    often: fc.constantFrom(1, 150),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const { clock, told, floods } = start()
      const raw: NewEvent[] = []
      const emit = (event: NewEvent): void => {
        raw.push(event)
        floods.emit(event)
      }
      // Connections, each with its open streams; ids are never used again.
      const open = new Map<number, { id: number; streams: Set<string> }>()
      let ids = 0
      const connect = (slot: number): void => {
        ids += 1
        open.set(slot, { id: ids, streams: new Set() })
        emit(connection(ids))
      }
      const disconnect = (slot: number): void => {
        const found = open.get(slot)
        if (found === undefined) return
        open.delete(slot)
        for (const stream of found.streams) emit(closed(stream, say`c${found.id}`))
        emit(disconnection(found.id))
      }
      for (const { what, connection: slot, often } of steps) {
        for (let n = 0; n < often; n += 1) {
          const found = open.get(slot)
          if (what === 'connect') {
            disconnect(slot)
            connect(slot)
          } else if (what === 'disconnect') disconnect(slot)
          else if (what === 'wait') clock.advance(300)
          else if (found === undefined) continue
          else if (what === 'open') {
            ids += 1
            found.streams.add(`s${ids}`)
            emit(opened(`s${ids}`, say`c${found.id}`))
          } else if (what === 'close') {
            const [first] = found.streams
            if (first === undefined) continue
            found.streams.delete(first)
            emit(closed(first, say`c${found.id}`))
          } else emit({ ...ping(), connectionId: say`c${found.id}` })
        }
      }
      clock.advance(120_000)
      const shown = (events: readonly NewEvent[]) =>
        [...stateAfter(...events).connections.values()]
          .map(({ connectionId, streams }) => [connectionId, streams.map(({ streamId }) => streamId).sort()])
          .sort()
      expect(shown(told)).toEqual(shown(raw))
      for (const type of ['ping:answered', 'stream:closed', 'connection:closed'] as const) {
        const count = (events: readonly NewEvent[]) => sum(events.filter(event => event.type === type) as [])
        expect(count(told)).toBe(count(raw))
      }
      expect(clock.pending).toBe(0)
    }),
    { numRuns: 60 },
  )
})
