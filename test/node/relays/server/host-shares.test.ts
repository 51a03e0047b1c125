import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import type { Excess } from '../../../../src/node/limits/node-limits.ts'
import { DEFAULT_RELAY_SERVER } from '../../../../src/node/options.ts'
import type { RelayContext } from '../../../../src/node/relays/relay-context.ts'
import { Circuits } from '../../../../src/node/relays/server/circuits.ts'
import { answerHops } from '../../../../src/node/relays/server/hops.ts'
import { circuitShare, HostShares, reservationShare } from '../../../../src/node/relays/server/host-shares.ts'
import type {
  GrantedReservation,
  HopAnswer,
  HopRequest,
  HopServer,
} from '../../../../src/node/relays/server/server-parts.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { peerIds } from '../../../support/peer-ids.ts'

const LIMITS = { ...DEFAULT_RELAY_SERVER, reservations: 128, circuits: 16 }
const IDS = (await peerIds(400)).map(id => peerIdFromString(id))
const id = (n: number): PeerId => IDS[n] as PeerId

/** A relay that has libp2p's place for so many reservations, and hosts that ask it from addresses of their own. */
function relay(limits = LIMITS) {
  const told: Excess[] = []
  const events: { type: string }[] = []
  const clock = new ManualClock()
  const granted = new Map<string, GrantedReservation>()
  const reservations = {
    get size() {
      return granted.size
    },
    has: (peer: PeerId) => granted.has(peer.toString()),
    values: () => granted.values(),
  }
  const server = {
    reservationStore: {
      reservations,
      reserve: (peer: PeerId, addr: GrantedReservation['addr']) => {
        if (granted.size >= limits.reservations && !granted.has(peer.toString()))
          return { status: 'RESERVATION_REFUSED' }
        granted.set(peer.toString(), { addr } as GrantedReservation)
        return { status: 'OK', expire: 1 }
      },
      get: (peer: PeerId) => granted.get(peer.toString()),
      removeReservation: (peer: PeerId) => void granted.delete(peer.toString()),
    },
    stopHop: async () => ({}),
    async handleHopProtocol(this: HopServer, { request, connection, stream }: HopRequest) {
      const { write } = stream.pb({})
      if (request.type === 'RESERVE') {
        const { status, expire } = this.reservationStore.reserve(connection.remotePeer, connection.remoteAddr)
        const reservation = { expire: BigInt(expire ?? 0) }
        await write({ status, ...(status === 'OK' ? { reservation } : {}) })
      } else {
        const known = this.reservationStore.get(id(0)) !== undefined
        const holder = known
          ? await this.stopHop({ connection, request: {} } as Parameters<HopServer['stopHop']>[0])
          : undefined
        await write({ status: holder !== undefined ? 'OK' : known ? 'CONNECTION_FAILED' : 'NO_RESERVATION' })
      }
    },
  }
  const context = {
    clock,
    exceeded: (excess: Excess) => void told.push(excess),
    emit: (event: { type: string }) => void events.push(event),
  } as unknown as RelayContext
  answerHops(server as unknown as HopServer, {
    ...context,
    options: limits,
    circuits: new Circuits(context, limits),
    shares: new HostShares(context, limits),
  })
  /** @param from a host, or the address of a connection */
  const ask = async (type: string, from: string, peer: PeerId): Promise<string | undefined> => {
    let status: string | undefined
    const messages = {
      write: async (answer: HopAnswer) => {
        status = answer.status
      },
    }
    const stream = { status: 'closed' } as Stream
    const address = from.startsWith('/') ? from : `/ip4/${from}/tcp/5`
    const connection = { remotePeer: peer, remoteAddr: multiaddr(address) } as Connection
    await (server as unknown as HopServer).handleHopProtocol({
      connection,
      stream: { pb: () => messages, unwrap: () => stream },
      request: { type, peer: { id: id(0).toMultihash().bytes } },
    } as unknown as HopRequest)
    return status
  }
  return { ask, told, events, clock, granted }
}

it.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [16, 2],
  [17, 3],
  [128, 16],
])('of %i reservations one host may have %i', (all, share) => expect(reservationShare(all)).toBe(share))

it.each([
  [1, 2, 1],
  [2, 4, 2],
  [16, 32, 8],
])('where a peer may have %i relayed connections, a host may have %i, and %i to one', (each, toAll, toOne) =>
  expect(circuitShare(each)).toEqual({ toAll, toOne }),
)

describe('one host that asks for all reservations', () => {
  it('has its share of them, and an honest one gets in', async () => {
    const { ask, told, events, granted } = relay()
    const statuses: unknown[] = []
    for (let n = 1; n <= 100; n += 1) statuses.push(await ask('RESERVE', '11.0.0.1', id(n)))
    expect(statuses.filter(status => status === 'OK')).toHaveLength(16)
    expect(granted.size).toBe(16)
    expect(told).toHaveLength(84)
    expect(told[0]).toMatchObject({ limit: 'reservations', action: 'refused', host: '11.0.0.1' })
    expect(events.filter(({ type }) => type === 'relay:refused')).toEqual([])
    expect(await ask('RESERVE', '12.0.0.1', id(300))).toBe('OK')
  })

  it('renews what it has, and has it anew once it has lost one', async () => {
    const { ask, granted } = relay()
    for (let n = 1; n <= 16; n += 1) await ask('RESERVE', '11.0.0.1', id(n))
    expect(await ask('RESERVE', '11.0.0.1', id(16))).toBe('OK')
    expect(await ask('RESERVE', '11.0.0.1', id(17))).toBe('RESERVATION_REFUSED')
    granted.delete(id(3).toString())
    expect(await ask('RESERVE', '11.0.0.1', id(17))).toBe('OK')
  })

  it('is not told from its share while the relay is full of others', async () => {
    const { ask, events } = relay()
    for (let n = 1; n <= 128; n += 1) await ask('RESERVE', `11.0.${n}.1`, id(n))
    expect(await ask('RESERVE', '12.0.0.1', id(200))).toBe('RESERVATION_REFUSED')
    expect(events.at(-1)).toMatchObject({
      type: 'relay:refused',
      reason: 'no reservation is free (128 of 128 in use)',
    })
  })
})

describe.each([
  ['through one relay', `/ip4/11.0.0.1/tcp/5/p2p/${id(399)}/p2p-circuit`],
  ['over Unix sockets', '/unix/%2Ftmp%2Fnode.sock'],
])('peers that come %s', (_, address) => {
  it('have the share of one host together', async () => {
    const { ask, told, granted } = relay()
    for (let n = 1; n <= 100; n += 1) await ask('RESERVE', address, id(n))
    expect(granted.size).toBe(16)
    expect(told[0]).toMatchObject({ limit: 'reservations', action: 'refused', peerId: id(17).toString() })
    for (let n = 100; n < 120; n += 1) await ask('CONNECT', address, id(n))
    expect(await ask('CONNECT', address, id(1))).toBe('RESOURCE_LIMIT_EXCEEDED')
    const circuits = new Circuits({} as RelayContext, LIMITS)
    const taken = IDS.slice(1, 21).map(remotePeer =>
      circuits.take({ remotePeer, remoteAddr: multiaddr(address) }, id(0)),
    )
    expect(taken.filter(place => typeof place === 'function')).toHaveLength(8)
  })
})

describe('one host that asks to be connected', () => {
  it('leaves room at the holder for others, whatever Peer IDs it has', async () => {
    const { ask, told } = relay()
    await ask('RESERVE', '10.0.0.9', id(0))
    // Places that are taken and not yet given back: the server is never done with these.
    const shares = Array.from({ length: 20 }, (_, n) => ['11.0.0.1', id(n + 1)] as const)
    const circuits = new Circuits({} as RelayContext, LIMITS)
    const take = ([host, remotePeer]: readonly [string, PeerId]) =>
      circuits.take({ remotePeer, remoteAddr: multiaddr(`/ip4/${host}/tcp/5`) }, id(0))
    const taken = shares.map(take)
    expect(taken.filter(place => typeof place === 'function')).toHaveLength(8)
    expect(new Set(taken.slice(8))).toEqual(new Set(['host']))
    expect(take(['12.0.0.1', id(99)])).toBeTypeOf('function')
    for (const place of taken) if (typeof place === 'function') place()
    expect(take(['11.0.0.1', id(1)])).toBeTypeOf('function')
    expect(told).toEqual([])
  })

  it('is answered so often a minute, and others as ever', async () => {
    const { ask, told, events, clock } = relay()
    for (let n = 0; n < 120; n += 1) await ask('CONNECT', '11.0.0.1', id(n + 1))
    const before = events.length
    await ask('RESERVE', '12.0.0.9', id(0))
    expect(await ask('CONNECT', '11.0.0.1', id(1))).toBe('RESOURCE_LIMIT_EXCEEDED')
    expect(await ask('RESERVE', '11.0.0.1', id(1))).toBe('RESERVATION_REFUSED')
    expect(told).toMatchObject([{ limit: 'relayRequests', host: '11.0.0.1' }, { limit: 'relayRequests' }])
    // Beside the reservation of the other one nothing more was told.
    expect(events).toHaveLength(before + 1)
    expect(await ask('CONNECT', '12.0.0.1', id(2))).toBe('OK')
    clock.advance(60_000)
    expect(await ask('CONNECT', '11.0.0.1', id(1))).toBe('OK')
  })
})
