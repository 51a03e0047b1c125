import { expect, it } from 'vitest'
import { HeardBook } from '../../../src/node/mdns/book.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { ANN, BEN } from '../../support/mdns-peers.ts'

function open() {
  const clock = new ManualClock()
  const book = new HeardBook(clock)
  const says = (instance: string, peerId: string, addresses: string[], place = 'eth0', ttlSeconds = 120) =>
    book.add({ instance, ttlSeconds, peers: [{ peerId, addresses }] }, place)
  const bye = (instance: string) => book.remove({ instance, ttlSeconds: 0, peers: [] })
  return { clock, says, bye }
}

it('adds up the addresses of all interfaces', () => {
  const { says } = open()
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/1'], 'eth0')).toEqual([
    { peerId: ANN, addresses: ['/ip4/10.0.0.1/tcp/1'], ttlMs: 120_000 },
  ])
  expect(says('a', ANN, ['/ip4/127.0.0.1/tcp/1'], 'lo')[0]?.addresses).toEqual([
    '/ip4/10.0.0.1/tcp/1',
    '/ip4/127.0.0.1/tcp/1',
  ])
})

it('tells the same news once a second, not once for each family and interface', () => {
  const { clock, says } = open()
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])).toHaveLength(1)
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])).toHaveLength(0)
  clock.advance(1000)
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])).toHaveLength(1)
})

it('takes records that come in several packets together, and drops what is no longer said', () => {
  const { clock, says } = open()
  says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/2'])[0]?.addresses).toHaveLength(2)
  clock.advance(10_000)
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/2'])[0]?.addresses).toEqual(['/ip4/10.0.0.1/tcp/2'])
})

it('forgets what an interface carried once its time is over', () => {
  const { clock, says } = open()
  says('a', ANN, ['/ip4/10.0.0.1/tcp/1'], 'eth0', 5)
  clock.advance(5000)
  expect(says('a', ANN, ['/ip4/10.1.0.1/tcp/1'], 'wlan0')[0]?.addresses).toEqual(['/ip4/10.1.0.1/tcp/1'])
})

it('a peer that was started again has its new addresses only, and outlives the goodbye of its old self', () => {
  const { says, bye } = open()
  says('old', ANN, ['/ip4/10.0.0.1/tcp/1'])
  expect(says('new', ANN, ['/ip4/10.0.0.1/tcp/2'])[0]?.addresses).toEqual(['/ip4/10.0.0.1/tcp/2'])
  expect(bye('old')).toEqual([])
  expect(bye('new')).toEqual([ANN])
})

it('says once who has left, and nothing of who was never there', () => {
  const { says, bye } = open()
  says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])
  says('b', BEN, ['/ip4/10.0.0.2/tcp/1'])
  expect(bye('a')).toEqual([ANN])
  expect(bye('a')).toEqual([])
  expect(bye('c')).toEqual([])
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])).toHaveLength(1)
})

it('keeps no more than it can, the latest', () => {
  const { says, bye } = open()
  for (let n = 0; n < 5000; n++) says(`i${n}`, `peer ${n}`, [`/ip4/10.0.0.1/tcp/${n}`])
  expect(bye('i0')).toEqual([])
  expect(bye('i4999')).toEqual(['peer 4999'])
})
