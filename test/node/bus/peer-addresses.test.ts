import { expect, it } from 'vitest'
import { peerAddresses } from '../../../src/node/bus/peer-addresses.ts'

it('tells each address once, in a form that can be dialed as it is', () => {
  expect(
    peerAddresses('Anna', ['/ip4/10.0.0.2/tcp/1', '/ip4/10.0.0.2/tcp/1/p2p/Anna', '/ip6/::2/tcp/1']),
  ).toEqual(['/ip4/10.0.0.2/tcp/1/p2p/Anna', '/ip6/::2/tcp/1/p2p/Anna'])
})

it('names the peer behind a relay, not the relay', () => {
  expect(peerAddresses('Anna', ['/ip4/10.0.0.9/tcp/1/p2p/Relay/p2p-circuit'])).toEqual([
    '/ip4/10.0.0.9/tcp/1/p2p/Relay/p2p-circuit/p2p/Anna',
  ])
})

it('tells a bounded number', () => {
  const many = Array.from({ length: 100 }, (_, n) => `/ip4/10.0.0.2/tcp/${n}`)
  expect(peerAddresses('Anna', many)).toHaveLength(32)
})

it('tells direct addresses before those through relays, so that the bound cuts off the latter', () => {
  const relayed = Array.from({ length: 40 }, (_, n) => `/ip4/10.0.0.9/tcp/${n}/p2p/Relay/p2p-circuit`)
  const [first, second] = peerAddresses('Anna', [...relayed, '/ip4/10.0.0.2/tcp/1'])
  expect(first).toBe('/ip4/10.0.0.2/tcp/1/p2p/Anna')
  expect(second).toBe('/ip4/10.0.0.9/tcp/0/p2p/Relay/p2p-circuit/p2p/Anna')
})
