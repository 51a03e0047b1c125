import type { MultiaddrConnection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { hostOf } from '../../../src/node/limits/host.ts'
import { InboundGate, inboundShare } from '../../../src/node/limits/inbound-gate.ts'

function gateOf(most: { connections: number; perHost: number }, outbound = () => 0) {
  const refused: string[] = []
  const gate = new InboundGate({ most, outbound, refused: limit => refused.push(limit) })
  /** @returns what ends the connection; undefined: it was refused */
  const knock = (address: string): (() => void) | undefined => {
    const connection = Object.assign(new EventTarget(), { remoteAddr: multiaddr(address) })
    if (gate.denyInboundConnection(connection as unknown as MultiaddrConnection)) return undefined
    return () => void connection.dispatchEvent(new Event('close'))
  }
  const crowd = (count: number) =>
    Array.from({ length: count }, (_, n) => knock(`/ip4/10.0.${n >> 8}.${n & 255}/tcp/1`)).filter(
      end => end !== undefined,
    )
  return { gate, refused, knock, crowd }
}

describe('the gate for connections of others', () => {
  it('keeps a tenth for our own, at least one', () => {
    expect([2, 10, 19, 1_000].map(inboundShare)).toEqual([1, 9, 18, 900])
    const { crowd, refused } = gateOf({ connections: 100, perHost: 500 })
    expect(crowd(100)).toHaveLength(90)
    expect(refused).toEqual(Array(10).fill('connections'))
  })

  it('lets others have less where we have more than our share', () => {
    expect(gateOf({ connections: 100, perHost: 500 }, () => 5).crowd(100)).toHaveLength(90)
    expect(gateOf({ connections: 100, perHost: 500 }, () => 40).crowd(100)).toHaveLength(60)
    expect(gateOf({ connections: 100, perHost: 500 }, () => 140).crowd(100)).toHaveLength(0)
  })

  it('counts handshakes, and gives the place of one that ends to the next', () => {
    const { gate, crowd, knock } = gateOf({ connections: 10, perHost: 500 })
    const [first] = crowd(9)
    expect(knock('/ip4/192.0.2.1/tcp/1')).toBeUndefined()
    first?.()
    expect(gate.taken).toBe(8)
    expect(knock('/ip4/192.0.2.1/tcp/1')).toBeDefined()
  })

  it('lets one host have its share, whatever its ports, and others theirs', () => {
    const { knock, refused } = gateOf({ connections: 100, perHost: 2 })
    const first = knock('/ip4/192.0.2.1/tcp/1')
    knock('/ip4/192.0.2.1/udp/2/quic-v1')
    expect(knock('/ip4/192.0.2.1/tcp/3')).toBeUndefined()
    expect(refused).toEqual(['perHost'])
    expect(knock('/ip4/192.0.2.2/tcp/1')).toBeDefined()
    first?.()
    expect(knock('/ip4/192.0.2.1/tcp/4')).toBeDefined()
  })

  it('does not count what comes through one relay or socket as one host', () => {
    const { knock } = gateOf({ connections: 100, perHost: 1 })
    const relay = '/ip4/192.0.2.9/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN/p2p-circuit'
    for (const address of [relay, relay, '/unix/%2ftmp%2fa', '/unix/%2ftmp%2fa']) {
      expect(knock(address)).toBeDefined()
    }
  })
})

describe('one host', () => {
  it.each([
    ['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/tcp/2', true],
    ['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.2/tcp/1', false],
    ['/ip6/2001:db8::1/tcp/1', '/ip6/2001:db8::ffff:2/tcp/1', true],
    ['/ip6/2001:db8::1/tcp/1', '/ip6/2001:db8:0:1::1/tcp/1', false],
    ['/ip6/fe80::1/tcp/1', '/ip6/fe80::2/tcp/1', false],
    ['/ip6zone/eth0/ip6/fe80::1/tcp/1', '/ip6zone/eth0/ip6/fe80::1/tcp/2', true],
    ['/ip6/::1/tcp/1', '/ip4/127.0.0.1/tcp/1', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(hostOf(multiaddr(one)) === hostOf(multiaddr(other))).toBe(same)
  })
})
