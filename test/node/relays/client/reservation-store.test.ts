import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, it } from 'vitest'
import type { Excess } from '../../../../src/node/limits/node-limits.ts'
import { boundReservations, type ClientStore } from '../../../../src/node/relays/client/reservation-store.ts'
import { Referrals } from '../../../../src/node/scope/referrals.ts'

const LISTENS = '/ip4/11.0.0.1/tcp/4001'
const DIALED_FROM = '/ip4/11.0.0.1/tcp/36048'

const told: Excess[] = []
afterEach(() => {
  told.length = 0
})

/** The addresses of a reservation over a connection, as libp2p's client stores them. */
async function kept(direction: 'inbound' | 'outbound', addresses: string[]): Promise<string[]> {
  const relay = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  const stored = new Map<PeerId, Parameters<ClientStore['reservations']['set']>[1]>()
  const reservations = stored as unknown as ClientStore['reservations']
  const connections = [{ id: 'c1', direction, remoteAddr: multiaddr(addresses[0] ?? DIALED_FROM) }]
  const referrals = new Referrals({ connectionsTo: () => connections, exceeded: excess => told.push(excess) })
  boundReservations({ reservations }, () => connections, referrals)
  const addrs = addresses.map(address => multiaddr(address).bytes)
  reservations.set(relay, {
    reservation: { expire: 1n, addrs },
    connection: 'c1',
    timeout: undefined as unknown as NodeJS.Timeout,
  })
  return (stored.get(relay)?.reservation.addrs ?? []).map(bytes => multiaddr(bytes).toString())
}

it('keeps the address that a relay was dialed at, and not the port that it dialed us from', async () => {
  expect(await kept('outbound', [LISTENS])).toEqual([LISTENS])
  expect(await kept('inbound', [DIALED_FROM, LISTENS])).toEqual([LISTENS])
})

it('keeps a bounded number', async () => {
  const many = Array.from({ length: 40 }, (_, n) => `/ip4/11.0.0.1/tcp/${n + 1}`)
  expect(await kept('outbound', many)).toHaveLength(16)
})

it('keeps nothing that a relay outside could not know, beside where it was dialed', async () => {
  const named = [
    '/ip4/127.0.0.1/tcp/22',
    '/ip4/192.168.1.1/tcp/80',
    '/dns4/localhost/tcp/25',
    '/ip4/12.0.0.1/tcp/1',
  ]
  expect(await kept('outbound', [LISTENS, ...named])).toEqual([LISTENS, '/ip4/12.0.0.1/tcp/1'])
  expect(told).toMatchObject([{ limit: 'referrals', count: 3, host: '11.0.0.1' }])
  expect(await kept('outbound', ['/ip4/192.168.1.9/tcp/1', '/ip4/127.0.0.1/tcp/22'])).toEqual([
    '/ip4/192.168.1.9/tcp/1',
  ])
})
