import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { type SafeText, safeText, say } from '../../../src/core/safe-text.ts'
import { stateAfter } from '../../support/swarm-events.ts'

const peerId = say`alice`
const HOME = say`/ip4/192.168.1.21/tcp/4001`
const AWAY = say`/ip4/192.168.1.21/tcp/4002`
const failure = { stage: 'connect', cause: say`refused`, hint: say`try again` } as const

const discovered = (addresses: SafeText[] = [HOME], source: 'mdns' | 'known' = 'mdns'): NewEvent => ({
  type: 'peer:discovered',
  peerId,
  addresses,
  source,
})
const expired: NewEvent = { type: 'peer:expired', peerId, addresses: [HOME], source: 'mdns', reason: 'ttl' }
const opened = (connectionId = say`c1`, direction: 'inbound' | 'outbound' = 'outbound'): NewEvent => ({
  type: 'connection:opened',
  peerId,
  connectionId,
  address: direction === 'inbound' ? say`/ip4/192.168.1.21/tcp/55555` : AWAY,
  direction,
  transport: say`tcp`,
  encryption: say`/noise`,
  muxer: say`/yamux/1.0.0`,
})
const closed = (connectionId = say`c1`): NewEvent => ({
  type: 'connection:closed',
  peerId,
  connectionId,
  reason: say`bye`,
  durationMs: 1,
  bytesIn: 1,
  bytesOut: 1,
})
const identified: NewEvent = {
  type: 'peer:identified',
  peerId,
  connectionId: say`c1`,
  agentVersion: say`kubo`,
  protocols: [say`/a`],
  addresses: [HOME],
}
const stopped: NewEvent = { type: 'node:stopped', reason: say`asked` }
const figures = { bytesIn: 10, bytesOut: 20, rateIn: 1, rateOut: 2 }
const sample: NewEvent = {
  type: 'traffic:sampled',
  periodMs: 1000,
  streams: [],
  total: figures,
  connections: [{ connectionId: say`c1`, peerId, ...figures }],
  peers: [{ peerId, ...figures }],
  protocols: [{ protocol: say`/a`, ...figures }],
}

const peerAfter = (...events: NewEvent[]) => stateAfter(...events).peers.get(peerId)

it('a stream has the figures of its latest sample, and others keep theirs', () => {
  const streamOf = (streamId: string): NewEvent => ({
    type: 'stream:opened',
    peerId,
    connectionId: say`c1`,
    streamId: safeText(streamId),
    protocol: say`/a`,
    direction: 'inbound',
  })
  const sampled = { ...sample, streams: [{ streamId: say`s2`, connectionId: say`c1`, ...figures }] }
  const { connections } = stateAfter(opened(), streamOf('s1'), streamOf('s2'), sampled)
  expect(connections.get('c1')?.streams).toMatchObject([
    { streamId: 's1', bytesIn: 0 },
    { streamId: 's2', ...figures },
  ])
  expect(connections.get('c1')).toMatchObject(figures)
})

describe('a peer', () => {
  it('is heard, expires, and is heard again', () => {
    expect(peerAfter(discovered())).toMatchObject({ presence: 'heard', firstSeen: 1000, addresses: [HOME] })
    expect(peerAfter(discovered(), expired)).toMatchObject({ presence: 'expired', lastSeen: 1000 })
    expect(peerAfter(discovered(), expired, discovered([AWAY]))).toMatchObject({
      presence: 'heard',
      firstSeen: 1000,
      lastSeen: 3000,
      addresses: [AWAY],
    })
  })

  it('is merely known when it was dialed, or is from an earlier run', () => {
    expect(peerAfter(discovered([HOME], 'known'))?.presence).toBe('known')
    expect(peerAfter(opened(), closed())?.presence).toBe('known')
  })

  it('is connected as long as one connection is open', () => {
    const two = [discovered(), opened(), opened(say`c2`)]
    expect(peerAfter(...two, closed())).toMatchObject({ presence: 'connected', connectionIds: ['c2'] })
    expect(peerAfter(...two, closed(), closed(say`c2`))?.presence).toBe('heard')
  })

  it('does not listen where an inbound connection comes from', () => {
    expect(peerAfter(opened(say`c1`, 'inbound'))?.addresses).toEqual([])
    expect(peerAfter(opened())?.addresses).toEqual([AWAY])
  })

  it('has the addresses that hold first, what it claims next, and old ones last', () => {
    const known = discovered([say`/ip4/10.0.0.1/tcp/1`], 'known')
    expect(peerAfter(opened(), closed(), identified, known)?.addresses).toEqual([
      '/ip4/10.0.0.1/tcp/1',
      HOME,
      AWAY,
    ])
  })

  it('claims no more addresses than are kept', () => {
    const many = Array.from({ length: 500 }, (_, n) => say`/ip4/10.0.0.1/tcp/${n}`)
    const peer = peerAfter({ ...identified, addresses: many } as NewEvent, discovered(many))
    expect(peer?.addresses).toHaveLength(32)
    expect(peer?.claimedAddresses).toHaveLength(32)
    expect(peer?.sightings[0]?.addresses).toHaveLength(32)
  })

  it('is identified, or is not', () => {
    expect(peerAfter(opened())?.identify).toBe('pending')
    expect(peerAfter(opened(), identified)).toMatchObject({
      identify: 'done',
      agentVersion: 'kubo',
      protocols: ['/a'],
    })
    const failed: NewEvent = { type: 'peer:unidentified', peerId, connectionId: say`c1`, cause: say`late` }
    expect(peerAfter(opened(), failed)?.identify).toBe('failed')
    expect(peerAfter(opened(), closed())?.identify).toBe('none')
    expect(peerAfter(opened(), identified, closed(), opened())?.identify).toBe('done')
    const second = say`c2`
    const onSecond: NewEvent = { ...failed, connectionId: second }
    expect(peerAfter(opened(), identified, opened(second), onSecond)?.identify).toBe('done')
    expect(peerAfter(opened(), opened(second), onSecond)?.identify).toBe('failed')
  })

  it('keeps what is known when an update brings nothing', () => {
    const update = (protocols: SafeText[]): NewEvent => ({
      type: 'peer:updated',
      peerId,
      addresses: [],
      protocols,
    })
    expect(peerAfter(opened(), identified, update([]))?.protocols).toEqual(['/a'])
    expect(peerAfter(opened(), identified, update([say`/b`]))?.protocols).toEqual(['/b'])
  })

  it('shows its last failed dial until one succeeds, over a new connection or one that stands', () => {
    const dial = { target: HOME, requestId: say`r1`, peerId, durationMs: 1 }
    const failedDial: NewEvent = { type: 'dial:failed', ...dial, ...failure, attempts: [] }
    const found: NewEvent = {
      type: 'dial:succeeded',
      ...dial,
      connectionId: say`c1`,
      address: AWAY,
      existing: true,
    }
    expect(peerAfter(discovered(), failedDial)?.dialFailure).toEqual(failure)
    expect(peerAfter(discovered(), failedDial, opened())).not.toHaveProperty('dialFailure')
    expect(peerAfter(opened(), failedDial, found)).not.toHaveProperty('dialFailure')
  })

  it('is pinged on, also after it was away, until that is enough', () => {
    const started: NewEvent = { type: 'ping:started', peerId, intervalMs: 1000 }
    expect(peerAfter(opened(), started, closed(), opened())?.pingIntervalMs).toBe(1000)
    expect(peerAfter(opened(), started, { type: 'ping:stopped', peerId })).not.toHaveProperty(
      'pingIntervalMs',
    )
    expect(peerAfter(opened(), started, stopped)).not.toHaveProperty('pingIntervalMs')
  })

  it('has statistics of its pings', () => {
    const pong = (rttMs: number, cold = false): NewEvent => ({ type: 'ping:succeeded', peerId, rttMs, cold })
    const lost: NewEvent = { type: 'ping:failed', peerId, kind: 'timeout', cause: say`late` }
    expect(peerAfter(pong(9, true), pong(1), lost)?.ping).toMatchObject({
      coldMs: 9,
      received: 1,
      lost: 1,
      samples: [1, null],
      lastFailure: 'late',
    })
  })

  it('is forgotten', () => {
    expect(peerAfter(discovered(), { type: 'peer:forgotten', peerId })).toBeUndefined()
  })

  it.each([
    expired,
    closed(),
    { type: 'ping:stopped', peerId },
    { type: 'peer:forgotten', peerId },
  ] as NewEvent[])('does not come to be by $type', event => {
    expect(peerAfter(event)).toBeUndefined()
  })
})

describe('a connection', () => {
  const stream = {
    peerId,
    connectionId: say`c1`,
    streamId: say`s1`,
    protocol: say`/a`,
    direction: 'inbound',
  } as const

  it('has its live streams', () => {
    const streamOpened: NewEvent = { type: 'stream:opened', ...stream }
    const streamClosed: NewEvent = {
      type: 'stream:closed',
      ...stream,
      reason: say`bye`,
      bytesIn: 1,
      bytesOut: 1,
    }
    const streams = (...events: NewEvent[]) => stateAfter(opened(), ...events).connections.get('c1')?.streams
    expect(streams(streamOpened)).toMatchObject([{ streamId: 's1', openedAt: 2000 }])
    expect(streams(streamOpened, streamClosed)).toEqual([])
    expect(stateAfter(streamOpened).connections.size).toBe(0)
  })

  it('is gone when it closes', () => {
    expect(stateAfter(opened(), closed()).connections.size).toBe(0)
  })
})

describe('a dial', () => {
  const dial = { target: HOME, requestId: say`r1` }
  const started: NewEvent = { type: 'dial:started', ...dial }

  it('is there, stage by stage, until it ends', () => {
    const progressed: NewEvent = { type: 'dial:progressed', ...dial, stage: 'connect', elapsedMs: 3 }
    const failed: NewEvent = { type: 'dial:failed', ...dial, ...failure, durationMs: 1, attempts: [] }
    expect(stateAfter(started, progressed).dials.get('r1')).toMatchObject({
      target: HOME,
      stages: [{ stage: 'connect', elapsedMs: 3 }],
    })
    expect(stateAfter(progressed).dials.size).toBe(0)
    expect(stateAfter(started, progressed, failed).dials.size).toBe(0)
  })

  it('that nobody asked for goes by its target', () => {
    const own: NewEvent = { type: 'dial:started', target: HOME }
    const failed: NewEvent = { type: 'dial:failed', target: HOME, ...failure, durationMs: 1, attempts: [] }
    expect([...stateAfter(own, started).dials.keys()].sort()).toEqual([HOME, 'r1'])
    expect([...stateAfter(own, started, failed).dials.keys()]).toEqual(['r1'])
  })
})

describe('the node', () => {
  const started: NewEvent = { type: 'node:started', peerId, agentVersion: say`x`, profile: say`default` }

  it('starts, listens and stops', () => {
    const listens: NewEvent = { type: 'listen:opened', address: HOME }
    expect(stateAfter(started, listens, listens).node).toMatchObject({
      status: 'running',
      profile: 'default',
      listening: [HOME],
    })
    expect(stateAfter(started, listens, { type: 'listen:closed', address: HOME }).node.listening).toEqual([])
    expect(stateAfter(started, listens, stopped).node).toMatchObject({
      status: 'stopped',
      stopReason: 'asked',
      listening: [],
    })
  })

  it('has no connection, no dial and no rate when it has stopped', () => {
    const dialing: NewEvent = { type: 'dial:started', target: HOME }
    const state = stateAfter(started, opened(), dialing, sample, stopped)
    expect(state.connections.size + state.dials.size).toBe(0)
    expect(state.traffic).toEqual({ ...figures, rateIn: 0, rateOut: 0 })
    expect(state.protocols.get(say`/a`)).toEqual({ ...figures, rateIn: 0, rateOut: 0 })
    expect(state.peers.get(peerId)).toMatchObject({ presence: 'known', connectionIds: [], rateIn: 0 })
  })

  it('warns once a topic', () => {
    const raised = (cause: SafeText): NewEvent => ({
      type: 'warning:raised',
      topic: 'mdns',
      cause,
      hint: say`well`,
    })
    expect([...stateAfter(raised(say`one`), raised(say`two`)).warnings.values()]).toMatchObject([
      { cause: 'two', time: 2000 },
    ])
    expect(stateAfter(raised(say`one`), { type: 'warning:cleared', topic: 'mdns' }).warnings.size).toBe(0)
  })
})

describe('traffic', () => {
  it('is counted in all, by protocol, by connection and by peer', () => {
    const state = stateAfter(opened(), sample)
    expect(state.traffic).toEqual(figures)
    expect(state.protocols.get(say`/a`)).toEqual(figures)
    expect(state.connections.get('c1')).toMatchObject(figures)
    expect(state.peers.get(peerId)).toMatchObject(figures)
  })

  it('of someone unknown makes nobody known', () => {
    const state = stateAfter(sample)
    expect(state.connections.size + state.peers.size).toBe(0)
  })
})
