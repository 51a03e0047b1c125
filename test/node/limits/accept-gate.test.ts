import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { MultiaddrConnection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import type { Limits } from '../../../src/core/limit-terms.ts'
import {
  AcceptGate,
  type AcceptGateOptions,
  HANDSHAKE_MS,
  hostPending,
  inboundShare,
} from '../../../src/node/limits/accept-gate.ts'
import { CoolDown } from '../../../src/node/limits/cool-down.ts'
import { Descriptors } from '../../../src/node/limits/descriptors.ts'
import { DEFAULT_LIMITS } from '../../../src/node/options.ts'
import { ManualClock } from '../../support/manual-clock.ts'

/** A socket that says nothing, and is gone once it is destroyed. */
class SilentSocket extends EventEmitter {
  destroyed = false

  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.emit('close')
  }
}

const RELAYED = '/ip4/192.0.2.9/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN/p2p-circuit'

function gateOf(most: Partial<Limits>, options: Partial<AcceptGateOptions> = {}) {
  const clock = new ManualClock()
  const refused: string[] = []
  const failed: string[] = []
  const coolDown = new CoolDown(clock)
  const descriptors = new Descriptors({ limit: Number.POSITIVE_INFINITY, used: () => 0 })
  const gate = new AcceptGate({
    clock,
    most: { ...DEFAULT_LIMITS, hostRate: 10_000, ...most },
    descriptors,
    coolDown,
    outbound: () => 0,
    refused: (limit, from) => refused.push(`${limit} ${from}`),
    failed: (_, why) => failed.push(why),
    acceptFailed: () => {},
    ...options,
  })
  /** A socket as it is accepted; undefined: it was turned away. */
  const knock = (from: string): SilentSocket | undefined => {
    const socket = new SilentSocket()
    return gate.admits(socket as unknown as Socket, multiaddr(from)) ? socket : undefined
  }
  const rawOf = (from: string, socket?: SilentSocket, status = 'open') => {
    const raw = Object.assign(new EventTarget(), {
      status,
      remoteAddr: multiaddr(from),
      timeline: { open: 0 },
      ...(socket && { socket }),
      abort: () => void raw.dispatchEvent(new Event('close')),
    })
    return raw as unknown as MultiaddrConnection
  }
  /** A connection that has no socket, as libp2p asks about it; undefined: it was turned away. */
  const meet = (from: string): MultiaddrConnection | undefined => {
    const raw = rawOf(from)
    return gate.denyInboundConnection(raw) ? undefined : raw
  }
  /** A socket that gets through its handshake. */
  const visit = (from: string): SilentSocket | undefined => {
    const socket = knock(from)
    if (socket === undefined) return undefined
    const raw = rawOf(from, socket)
    if (gate.denyInboundConnection(raw)) return undefined
    gate.opened(raw.timeline)
    return socket
  }
  const crowd = (count: number, arrive = visit) =>
    Array.from({ length: count }, (_, n) => arrive(`/ip4/10.0.${n >> 8}.${n & 255}/tcp/1`)).filter(
      one => one !== undefined,
    )
  return { gate, clock, refused, failed, coolDown, knock, meet, visit, crowd, rawOf }
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

describe('the gate for connections of others', () => {
  it('keeps a tenth for our own, at least one', () => {
    expect([2, 10, 19, 1_000].map(inboundShare)).toEqual([1, 9, 18, 900])
    const { crowd, refused } = gateOf({ connections: 100 })
    expect(crowd(100)).toHaveLength(90)
    expect(refused.map(line => line.split(' ')[0])).toEqual(Array(10).fill('connections'))
  })

  it('lets others have less where we have more than our share', () => {
    for (const [ours, theirs] of [
      [5, 90],
      [40, 60],
      [140, 0],
    ] as const) {
      const { crowd } = gateOf({ connections: 100 }, { outbound: () => ours })
      expect(crowd(100)).toHaveLength(theirs)
    }
  })

  it('counts sockets from accept on, and gives the place of one that ends to the next', () => {
    const { gate, crowd, knock } = gateOf({ connections: 10 })
    const [first] = crowd(9, knock)
    expect(gate.pending).toBe(9)
    expect(knock('/ip4/192.0.2.1/tcp/1')).toBeUndefined()
    first?.destroy()
    expect(gate.taken).toBe(8)
    expect(knock('/ip4/192.0.2.1/tcp/1')).toBeDefined()
  })

  it.each([
    ['over QUIC', '/ip4/192.0.2.1/udp/1/quic-v1'],
    ['through a relay', RELAYED],
  ])('keeps no place for one that has come %s and has closed already', (_, from) => {
    const { gate, clock, rawOf } = gateOf({})
    const raw = rawOf(from, undefined, 'aborted')
    gate.denyInboundConnection(raw)
    expect([gate.taken, gate.pending, clock.pending]).toEqual([0, 0, 0])
  })

  it('tells who has handshakes under way, and how many', () => {
    const { gate, knock, visit, meet } = gateOf({})
    const [first] = times(3, () => knock('/ip4/192.0.2.1/tcp/1'))
    visit('/ip4/192.0.2.1/tcp/1')
    visit('/ip4/192.0.2.2/tcp/1')
    meet('/ip4/192.0.2.3/udp/1/quic-v1')
    first?.destroy()
    expect([...gate.handshakes()]).toEqual([
      ['192.0.2.1', 2],
      ['192.0.2.3', 1],
    ])
  })

  it('counts once what it has let in already', () => {
    const { gate, visit, meet } = gateOf({})
    const socket = visit('/ip4/192.0.2.1/tcp/1')
    expect([gate.taken, gate.pending]).toEqual([1, 0])
    // QUIC accepts by itself.
    const raw = meet('/ip4/192.0.2.1/udp/1/quic-v1')
    expect([gate.taken, gate.pending]).toEqual([2, 1])
    raw?.abort(new Error('gone'))
    socket?.destroy()
    expect([gate.taken, gate.pending]).toEqual([0, 0])
  })

  it('keeps no place for a connection that has ended before it was asked for', () => {
    const { gate, rawOf } = gateOf({})
    const raw = Object.assign(rawOf('/ip4/192.0.2.1/udp/1/quic-v1'), { status: 'aborted' as const })
    gate.denyInboundConnection(raw)
    expect([gate.taken, gate.pending]).toEqual([0, 0])
  })

  it('lets one host have its share, whatever its ports, and others theirs', () => {
    const { knock, meet, refused } = gateOf({ connections: 100, perHost: 2 })
    const first = knock('/ip4/192.0.2.1/tcp/1')
    meet('/ip4/192.0.2.1/udp/2/quic-v1')
    expect(knock('/ip4/192.0.2.1/tcp/3')).toBeUndefined()
    expect(refused).toEqual(['perHost /ip4/192.0.2.1/tcp/3'])
    expect(knock('/ip4/192.0.2.2/tcp/1')).toBeDefined()
    first?.destroy()
    expect(knock('/ip4/192.0.2.1/tcp/4')).toBeDefined()
  })

  it.each([
    ['one relay', RELAYED],
    ['Unix sockets', '/unix/%2ftmp%2fa'],
  ])('lets all that come over %s have the share of one host', (_, from) => {
    const { meet } = gateOf({ perHost: 2 })
    expect([meet(from), meet(from)]).not.toContain(undefined)
    expect(meet(from)).toBeUndefined()
    expect(meet('/ip4/192.0.2.1/tcp/1')).toBeDefined()
  })

  it('counts how many a host begins a second, refused ones too', () => {
    const { clock, knock } = gateOf({ hostRate: 2 })
    const three = () => times(3, () => knock('/ip4/192.0.2.1/tcp/1')).filter(one => one !== undefined)
    expect(three()).toHaveLength(2)
    expect(three()).toHaveLength(0)
    expect(knock('/ip4/192.0.2.2/tcp/1')).toBeDefined()
    clock.advance(1_000)
    expect(three()).toHaveLength(2)
  })

  it('remembers the rate of a bounded number of hosts', () => {
    const { gate, knock } = gateOf({ connections: 2 })
    knock('/ip4/192.0.2.1/tcp/1')
    for (let n = 0; n < 20_000; n += 1)
      knock(`/ip6/2001:db8:${(n >> 8).toString(16)}:${(n & 255).toString(16)}00::1/tcp/1`)
    expect(gate.known).toBeLessThan(5_000)
    // The one that has something is not forgotten.
    expect(gate.mostOfOne.taken).toBe(1)
  })
})

describe('handshakes', () => {
  const IDLER = '/ip4/192.0.2.1/tcp/1'

  it('of one host are a quarter of all: others get in while it sits idle', () => {
    const { knock, visit, refused } = gateOf({ pending: 400, perHost: 500 })
    const idle = times(390, () => knock(IDLER)).filter(one => one !== undefined)
    expect(idle).toHaveLength(hostPending(400))
    expect(new Set(refused)).toEqual(new Set([`hostPending ${IDLER}`]))
    for (let n = 0; n < 200; n += 1) expect(visit(`/ip4/198.51.100.${n}/tcp/1`)).toBeDefined()
  })

  it('of whoever has most make way for one who has fewer, the oldest first', () => {
    const { gate, knock, visit, refused } = gateOf({ pending: 40 })
    const idlers = [1, 2, 3, 4].flatMap(host => times(10, () => knock(`/ip4/192.0.2.${host}/tcp/1`)))
    expect(gate.pending).toBe(40)
    for (let n = 0; n < 20; n += 1) expect(visit(`/ip4/198.51.100.${n}/tcp/1`)).toBeDefined()
    expect(idlers[0]?.destroyed).toBe(true)
    expect(refused[0]).toBe('hostPending /ip4/192.0.2.1/tcp/1')
    expect(idlers.filter(one => one?.destroyed)).toHaveLength(1)
  })

  it('that are as many from each host are refused', () => {
    const { crowd, knock, refused } = gateOf({ pending: 4 })
    crowd(4, knock)
    expect(knock(IDLER)).toBeUndefined()
    expect(refused).toEqual([`pending ${IDLER}`])
  })

  it('that take too long are closed, whether libp2p knows of them or not, and told once', () => {
    const { gate, clock, knock, rawOf, failed } = gateOf({})
    const silent = knock(IDLER)
    const shaking = knock(IDLER)
    const raw = rawOf(IDLER, shaking)
    gate.denyInboundConnection(raw)
    clock.advance(HANDSHAKE_MS - 1)
    expect([silent?.destroyed, shaking?.destroyed]).toEqual([false, false])
    clock.advance(1)
    expect([silent?.destroyed, shaking?.destroyed]).toEqual([true, true])
    expect(failed).toEqual(['late', 'late'])
    expect(gate.hasTold(raw.remoteAddr)).toBe(true)
    expect(gate.taken).toBe(0)
  })

  it('that are over are not closed', () => {
    const { clock, visit } = gateOf({})
    const socket = visit(IDLER)
    clock.advance(HANDSHAKE_MS)
    expect(socket?.destroyed).toBe(false)
  })

  it('that libp2p never hears of are told when they leave', () => {
    const { knock, failed } = gateOf({})
    knock(IDLER)?.destroy()
    expect(failed).toEqual(['left'])
  })
})

describe('a host whose connection was closed for an excess', () => {
  it('is turned away until it has waited, over every transport; others are not', () => {
    const { clock, coolDown, knock, meet, refused } = gateOf({})
    coolDown.exceeded('192.0.2.1')
    expect(knock('/ip4/192.0.2.1/tcp/1')).toBeUndefined()
    expect(knock('/ip6/::ffff:192.0.2.1/tcp/1')).toBeUndefined()
    expect(meet('/ip4/192.0.2.1/udp/1/quic-v1')).toBeUndefined()
    expect(refused.every(line => line.startsWith('coolDown'))).toBe(true)
    expect(knock('/ip4/192.0.2.2/tcp/1')).toBeDefined()
    clock.advance(30_000)
    expect(knock('/ip4/192.0.2.1/tcp/1')).toBeDefined()
  })
})

describe('file descriptors', () => {
  it('are kept for the node itself: others are turned away before there are none', () => {
    const descriptors = new Descriptors({ limit: 48, used: () => 30 })
    const { crowd, refused } = gateOf({}, { descriptors })
    const sockets = crowd(20)
    // 8 are kept.
    expect(sockets).toHaveLength(10)
    expect(refused).toHaveLength(10)
    expect(refused[0]).toMatch(/^descriptors/)
    sockets[0]?.destroy()
    expect(crowd(2)).toHaveLength(1)
  })
})
