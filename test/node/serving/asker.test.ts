import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { ownerOf } from '../../../src/node/serving/asker.ts'
import { peerIds } from '../../support/peer-ids.ts'

const [A, B, C] = await peerIds(3)
const owner = (address: string) => ownerOf({ remoteAddr: multiaddr(address) })

it.each([
  ['from one host', '/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/udp/2/quic-v1'],
  [
    'through one relay',
    `/ip4/192.0.2.1/tcp/1/p2p/${A}/p2p-circuit/p2p/${B}`,
    `/p2p/${A}/p2p-circuit/p2p/${C}`,
  ],
  ['over Unix sockets', '/unix/%2Ftmp%2Fa', '/unix/%2Ftmp%2Fb'],
])('whoever comes %s pays together', (_, one, other) => expect(owner(one)).toBe(owner(other)))

it('others pay for themselves', () => {
  const owners = [
    '/ip4/192.0.2.1/tcp/1',
    '/ip4/192.0.2.2/tcp/1',
    `/p2p/${A}/p2p-circuit/p2p/${C}`,
    `/p2p/${B}/p2p-circuit/p2p/${C}`,
    '/unix/%2Ftmp%2Fa',
  ].map(owner)
  expect(new Set(owners).size).toBe(owners.length)
})
