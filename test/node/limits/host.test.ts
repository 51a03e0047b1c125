import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { hostOf, hostOfIp, shareOf } from '../../../src/node/limits/host.ts'

const RELAYED = '/ip4/192.0.2.9/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN/p2p-circuit'

describe('one host', () => {
  it.each([
    ['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/udp/2/quic-v1', true],
    ['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.2/tcp/1', false],
    ['/ip6/2001:db8::1/tcp/1', '/ip6/2001:db8::ffff:2/tcp/1', true],
    ['/ip6/2001:db8:0:1200::1/tcp/1', '/ip6/2001:db8:0:12ff::1/tcp/1', true],
    ['/ip6/2001:db8:0:1200::1/tcp/1', '/ip6/2001:db8:0:1300::1/tcp/1', false],
    ['/ip6/::ffff:192.0.2.1/tcp/1', '/ip4/192.0.2.1/tcp/1', true],
    ['/ip6/::ffff:192.0.2.1/tcp/1', '/ip6/::ffff:192.0.2.2/tcp/1', false],
    // Whoever is on the link has as many of these as he likes.
    ['/ip6/fe80::1/tcp/1', '/ip6/fe80::2/tcp/1', true],
    ['/ip6zone/eth0/ip6/fe80::1/tcp/1', '/ip6/fe80::1/tcp/2', true],
    ['/ip6/::1/tcp/1', '/ip4/127.0.0.1/tcp/1', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(hostOf(multiaddr(one)) === hostOf(multiaddr(other))).toBe(same)
  })

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['::1', '::/56'],
    ['2001:db8::1', '2001:db8::/56'],
    ['2001:DB8:1:2345:6:7:8:9', '2001:db8:1:2300::/56'],
    ['2001:0:0:ab00::', '2001:0:0:ab00::/56'],
    ['fe80::1%eth0', 'fe80::/56'],
    ['not an address', undefined],
  ])('%s is written %s', (ip, host) => {
    expect(hostOfIp(ip)).toBe(host)
  })

  it('is nobody where all have one address, and those have a share together', () => {
    const unix = '/unix/%2ftmp%2fa'
    expect([RELAYED, unix, '/dns4/example.org/tcp/1'].map(text => hostOf(multiaddr(text)))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(shareOf(multiaddr(RELAYED))).toBe('relay 12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN')
    expect(shareOf(multiaddr(unix))).toBe('Unix socket')
    expect(shareOf(multiaddr('/dns4/Example.org/tcp/1'))).toBe('example.org')
    expect(shareOf(multiaddr('/ip4/192.0.2.1/tcp/1'))).toBe('192.0.2.1')
  })
})
