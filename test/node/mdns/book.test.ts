import { expect, it } from 'vitest'
import { HeardBook } from '../../../src/node/mdns/book.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { ANN, BEN } from '../../support/mdns-peers.ts'

function open() {
  const clock = new ManualClock()
  const crowdedOut: string[] = []
  const book = new HeardBook(clock, peerId => crowdedOut.push(peerId))
  /** Somebody says where a peer is: `own` when that is where the packet comes from. */
  const says = (
    instance: string,
    peerId: string,
    addresses: string[],
    { place = 'eth0', sender = '10.0.0.1', own = true, ttlSeconds = 120 } = {},
  ) => book.add({ instance, ttlSeconds, peers: [{ peerId, addresses, own }] }, { place, sender })
  const bye = (instance: string, sender = '10.0.0.1', place = 'eth0') =>
    book.remove({ instance, ttlSeconds: 0, peers: [] }, { place, sender })
  return { clock, says, bye, crowdedOut }
}

it('adds up the addresses of all interfaces', () => {
  const { says } = open()
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])).toEqual([
    { peerId: ANN, addresses: ['/ip4/10.0.0.1/tcp/1'], ttlMs: 120_000 },
  ])
  const onLoopback = { place: 'lo', sender: '127.0.0.1' }
  expect(says('a', ANN, ['/ip4/127.0.0.1/tcp/1'], onLoopback)[0]?.addresses).toEqual([
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
  says('a', ANN, ['/ip4/10.0.0.1/tcp/1'], { ttlSeconds: 5 })
  clock.advance(5000)
  const elsewhere = { place: 'wlan0', sender: '10.1.0.1' }
  expect(says('a', ANN, ['/ip4/10.1.0.1/tcp/1'], elsewhere)[0]?.addresses).toEqual(['/ip4/10.1.0.1/tcp/1'])
})

it('a peer that was started again has its new addresses only, and outlives the goodbye of its old self', () => {
  const { says, bye } = open()
  says('old', ANN, ['/ip4/10.0.0.1/tcp/1'])
  expect(says('new', ANN, ['/ip4/10.0.0.1/tcp/2'])[0]?.addresses).toEqual(['/ip4/10.0.0.1/tcp/2'])
  expect(bye('old')).toEqual([])
  expect(bye('new')).toEqual([ANN])
})

it('a peer that leaves, or comes again, takes along what it said over IPv6', () => {
  const { says, bye } = open()
  const linkLocal = { sender: 'fe80::1%eth0', own: false }
  says('old', ANN, ['/ip4/10.0.0.1/tcp/1'])
  says('old', ANN, ['/ip6/fd77::1/tcp/1'], linkLocal)
  expect(says('new', ANN, ['/ip4/10.0.0.1/tcp/2'])[0]?.addresses).toEqual(['/ip4/10.0.0.1/tcp/2'])
  says('new', ANN, ['/ip6/fd77::1/tcp/2'], linkLocal)
  expect(bye('new')).toEqual([ANN])
})

it('says once who has left, and nothing of who was never there', () => {
  const { says, bye } = open()
  says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])
  says('b', BEN, ['/ip4/10.0.0.2/tcp/1'], { sender: '10.0.0.2' })
  expect(bye('a')).toEqual([ANN])
  expect(bye('a')).toEqual([])
  expect(bye('c')).toEqual([])
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])).toHaveLength(1)
})

it('lets nobody say goodbye for another, nor with it', () => {
  const { says, bye } = open()
  says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])
  expect(bye('a', '10.0.0.66')).toEqual([])
  // Not even who has announced the same before.
  says('a', ANN, ['/ip4/10.0.0.66/tcp/1'], { sender: '10.0.0.66' })
  expect(bye('a', '10.0.0.66')).toEqual([])
  expect(bye('a')).toEqual([ANN])
})

it('lets nobody take the place of what a peer says itself, however much is said of it', () => {
  const { says } = open()
  says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])
  for (let n = 0; n < 40; n++) {
    const made = Array.from({ length: 32 }, (_, port) => `/ip4/10.0.0.66/tcp/${n * 100 + port}`)
    const [heard] = says(`b${n}`, ANN, made, { sender: `10.0.1.${n}`, own: false })
    if (heard !== undefined) expect(heard.addresses[0]).toBe('/ip4/10.0.0.1/tcp/1')
  }
  // Nor if all others seem to be the peer as well.
  for (let n = 0; n < 7; n++) says(`c${n}`, ANN, [`/ip4/10.0.2.${n}/tcp/1`], { sender: `10.0.2.${n}` })
  expect(says('a', ANN, ['/ip4/10.0.0.1/tcp/2'])[0]?.addresses).toContain('/ip4/10.0.0.1/tcp/2')
})

it('keeps a share of one sender, what seems to be said by the peer itself first, and then the latest', () => {
  const { says, crowdedOut } = open()
  says('a', ANN, ['/ip4/10.0.0.1/tcp/1'])
  for (let n = 0; n < 1000; n++) says(`i${n}`, `peer ${n}`, [`/ip4/10.0.0.9/tcp/${n}`], { own: false })
  expect(crowdedOut).toHaveLength(1001 - 256)
  expect(crowdedOut).not.toContain(ANN)
  expect(crowdedOut).toContain('peer 0')
  expect(crowdedOut).not.toContain('peer 999')
})

it('takes from who has most when all is full, so that a new neighbour is let in', () => {
  const { says, crowdedOut } = open()
  says('b', BEN, ['/ip4/10.9.0.1/tcp/1'], { sender: '10.9.0.1' })
  for (let n = 0; n < 10_000; n++) {
    const sender = `10.0.${n % 20}.1`
    says(`i${n}`, `peer ${n}`, [`/ip4/${sender}/tcp/${n}`], { sender })
  }
  expect(says('a', ANN, ['/ip4/10.0.99.1/tcp/1'], { sender: '10.0.99.1' })).toHaveLength(1)
  expect(crowdedOut.every(peerId => peerId.startsWith('peer '))).toBe(true)
  expect(crowdedOut).toHaveLength(10_000 + 2 - 4096)
})

it('lets a neighbour in when each of a crowd of senders has made up but one peer', () => {
  const { says, crowdedOut } = open()
  const crowd = (n: number) => `10.${n >> 8}.${n & 255}.1`
  for (let n = 0; n < 6000; n++) {
    says(`i${n}`, `peer ${n}`, [`/ip4/${crowd(n)}/tcp/1`], { sender: crowd(n), own: n % 2 === 0 })
  }
  expect(says('a', ANN, ['/ip4/10.99.99.1/tcp/1'], { sender: '10.99.99.1' })).toHaveLength(1)
  expect(crowdedOut).not.toContain(ANN)
})
