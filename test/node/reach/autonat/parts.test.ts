import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { withoutNames } from '../../../../src/node/reach/autonat/parts.ts'

it('looks up no names for strangers, and dials into no private network', async () => {
  const looked: string[] = []
  const { isDialable } = withoutNames({
    isDialable: async addresses => {
      looked.push(String(addresses))
      return true
    },
    openConnection: () => Promise.reject(new Error('nobody')),
  })
  const asked = [
    '/dns4/victim.example/tcp/1',
    '/dnsaddr/victim.example',
    '/ip4/10.0.0.1/tcp/1',
    '/ip4/127.0.0.1/tcp/1',
    '/ip4/11.0.0.1/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN/p2p-circuit',
    '/ip4/11.0.0.1/tcp/1',
    '/ip6/2600::1/udp/1/quic-v1',
  ]
  const answers = await Promise.all(asked.map(address => isDialable(multiaddr(address))))
  expect(answers).toEqual([false, false, false, false, false, true, true])
  expect(looked).toEqual(asked.slice(-2))
})
