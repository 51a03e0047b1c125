import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { dialOrder, NOWHERE } from '../../../src/node/memory/dial-order.ts'
import { ANN, BEN } from '../../support/mdns-peers.ts'

const order = (whereabouts: Parameters<typeof dialOrder>[0], ...texts: string[]): string[] =>
  texts
    .map(text => {
      const [address = '', signed] = text.split(' ')
      return { multiaddr: multiaddr(`${address}/p2p/${ANN}`), isCertified: signed !== undefined }
    })
    .sort(dialOrder(whereabouts))
    .map(({ multiaddr }) => multiaddr.toString().replace(`/p2p/${ANN}`, ''))

it('tries the latest proof, what is heard now, older proofs, what was signed, and then the rest', () => {
  const relayed = `/ip4/192.0.2.9/tcp/1/p2p/${BEN}/p2p-circuit`
  const whereabouts = {
    proven: () => ['/ip4/10.0.0.1/tcp/1', '/ip4/10.0.0.2/tcp/1', relayed],
    heard: () => [3, 4, 5].map(n => `/ip4/10.0.0.${n}/tcp/1/p2p/${ANN}`),
  }
  const wanted = [
    '/ip4/10.0.0.1/tcp/1',
    '/ip4/10.0.0.3/tcp/1',
    '/ip4/10.0.0.4/tcp/1',
    '/ip4/10.0.0.2/tcp/1',
    '/ip4/10.0.0.6/tcp/1 signed',
    relayed,
    '/ip4/8.8.8.8/tcp/1',
    '/ip4/10.0.0.5/tcp/1',
  ]
  const plain = wanted.map(text => text.split(' ')[0])
  expect(order(whereabouts, ...wanted.toReversed())).toEqual(plain)
  expect(order(whereabouts, ...wanted)).toEqual(plain)
})

it('goes by the kind of address where nothing is known of the peer, loopback last', () => {
  const relayed = `/ip4/8.8.8.8/tcp/1/p2p/${BEN}/p2p-circuit`
  const wanted = ['/ip4/8.8.8.8/tcp/1', '/ip4/10.0.0.1/tcp/1', relayed, '/ip4/127.0.0.1/tcp/1']
  expect(order(NOWHERE, ...wanted.toReversed())).toEqual([wanted[0], relayed, wanted[1], wanted[3]])
})
