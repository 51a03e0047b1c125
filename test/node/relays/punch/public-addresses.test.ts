import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import {
  isPlainTcp,
  isPublic,
  MAX_ADDRESSES,
  publicAddresses,
} from '../../../../src/node/relays/punch/public-addresses.ts'

const RELAY_ID = '12D3KooWPGz7rvEmhrJcUtSJqRdugwTjcvdVAXoM7SP3ktjqCz7E'

describe('an address that is tried', () => {
  it.each([
    ['/ip4/11.0.0.1/tcp/4001', true, true],
    [`/ip4/11.0.0.1/tcp/4001/p2p/${RELAY_ID}`, true, true],
    ['/ip6/2a00::1/tcp/4001', true, true],
    ['/dns4/example.org/tcp/4001', true, false],
    ['/ip4/11.0.0.1/udp/4001/quic-v1', true, false],
    ['/ip4/11.0.0.1/tcp/4001/ws', true, false],
    ['/ip4/192.168.1.2/tcp/4001', false, true],
    ['/ip4/127.0.0.1/tcp/4001', false, true],
    ['/ip6/fd00::1/tcp/4001', false, true],
    [`/ip4/11.0.0.1/tcp/4001/p2p/${RELAY_ID}/p2p-circuit`, false, false],
    ['/unix/%2Ftmp%2Fa', false, false],
  ])('%s: public %s, to be punched for %s', (text, public_, tcp) => {
    const address = multiaddr(text)
    expect([isPublic(address), isPlainTcp(address)]).toEqual([public_, tcp])
  })

  it('comes without its Peer ID and once, of those that can be read, and there are not many', () => {
    const many = Array.from({ length: 50 }, (_, port) => multiaddr(`/ip4/11.0.0.1/tcp/${port + 1}`).bytes)
    const first = multiaddr(`/ip4/11.0.0.1/tcp/1/p2p/${RELAY_ID}`).bytes
    const unreadable = Uint8Array.of(0xff, 0xff, 0xff)
    const found = publicAddresses([unreadable, first, ...many])
    expect(found).toHaveLength(MAX_ADDRESSES)
    expect(found.slice(0, 2).map(String)).toEqual(['/ip4/11.0.0.1/tcp/1', '/ip4/11.0.0.1/tcp/2'])
  })
})
