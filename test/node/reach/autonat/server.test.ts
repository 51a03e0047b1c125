import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { lpStream, streamPair } from '@libp2p/utils'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import type { NewEvent } from '../../../../src/core/events.ts'
import type { Excess } from '../../../../src/node/limits/node-limits.ts'
import { AutonatServer } from '../../../../src/node/reach/autonat/server.ts'
import { readFields, writeBytes } from '../../../../src/node/relays/protobuf.ts'
import { EMPTY_SWARM } from '../../../../src/store/swarm/state.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { ANNA, BERT } from '../../../support/swarms.ts'

const NONCE = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
/** Statuses of the specification. */
const OK = 200
const REFUSED = 101
const REJECTED = 100

type Handler = (stream: Stream, connection: Connection) => Promise<void>

interface World {
  /** Where a dial ends up; undefined: nowhere. @default at the address */
  arrives?(address: Multiaddr): Multiaddr | undefined
}

/** A server of a node that dials wherever it is asked to, and how one asks it. */
async function serving({ arrives = address => address }: World = {}) {
  const events: NewEvent[] = []
  const told: Excess[] = []
  const clock = new ManualClock()
  const dialed: string[] = []
  const brought: Uint8Array[] = []
  let handle: Handler = async () => {}
  const openConnection = async (address: Multiaddr): Promise<Partial<Connection>> => {
    dialed.push(address.toString())
    const remoteAddr = arrives(address)
    if (remoteAddr === undefined) throw new Error('nobody there')
    return {
      remoteAddr,
      newStream: async () => {
        const [ours, theirs] = await streamPair()
        const messages = lpStream(theirs)
        void messages.read().then(async message => {
          brought.push(message.subarray())
          await messages.write(Uint8Array.of(0x08, 0))
        })
        return ours
      },
      close: async () => {},
    }
  }
  const libp2p = {
    handle: async (_: string, handler: Handler) => {
      handle = handler
    },
    components: {
      transportManager: {
        dialTransportForMultiaddr: (address: Multiaddr) =>
          address.toString().includes('/tcp/') ? {} : undefined,
      },
      connectionManager: { openConnection },
    },
  }
  const server = new AutonatServer({
    libp2p: libp2p as unknown as Libp2p,
    clock,
    emit: event => void events.push(event),
    exceeded: excess => void told.push(excess),
    state: () => EMPTY_SWARM,
  })
  await server.start()
  /** Asks from a host; `data`: how much is sent when it is asked for, in pieces. @returns the messages that come back */
  const ask = async (
    from: string,
    addresses: readonly string[],
    { peer = ANNA as string, data = 0 } = {},
  ) => {
    const [ours, theirs] = await streamPair()
    const messages = lpStream(theirs)
    const connection = { remotePeer: peerIdFromString(peer), remoteAddr: multiaddr(`/ip4/${from}/tcp/50000`) }
    const done = handle(ours, connection as unknown as Connection)
    const answers: Answer[] = []
    const read = async (): Promise<void> => {
      for (;;) {
        const message = await messages.read().catch(() => undefined)
        if (message === undefined) return
        const answer = parsed(message.subarray())
        answers.push(answer)
        if (answer.wantsBytes === undefined) return
        for (let sent = 0; sent < Math.min(data, answer.wantsBytes); sent += 4_000) {
          const piece = Uint8Array.from(writeBytes(4, Uint8Array.from(writeBytes(1, new Uint8Array(4_000)))))
          await messages.write(piece)
        }
        if (data < answer.wantsBytes) theirs.abort(new Error('no more'))
      }
    }
    await messages.write(request(addresses)).catch(() => undefined)
    await Promise.all([read(), done])
    return answers
  }
  return { events, told, clock, ask, dialed, brought }
}

function request(addresses: readonly string[]): Uint8Array {
  const fields = addresses.flatMap(address => writeBytes(1, multiaddr(address).bytes))
  return Uint8Array.from(writeBytes(1, Uint8Array.from([...fields, 2 * 8 + 1, ...NONCE])))
}

interface Answer {
  status?: unknown
  index?: unknown
  dial?: unknown
  wantsBytes?: number
}

function parsed(message: Uint8Array): Answer {
  const fields = readFields(message)
  const response = fields?.get(2)
  if (response instanceof Uint8Array) {
    const its = readFields(response)
    return { status: its?.get(1), index: its?.get(2), dial: its?.get(3) }
  }
  return { wantsBytes: Number(readFields(fields?.get(3) as Uint8Array)?.get(2)) }
}

it('dials the first address that can be, and no other, at the peer that asks', async () => {
  const { events, ask, dialed, brought } = await serving()
  const answers = await ask('11.0.0.1', [
    '/dns4/victim.example/tcp/1',
    '/dnsaddr/victim.example',
    '/ip4/10.0.0.1/tcp/1',
    '/ip4/127.0.0.1/tcp/1',
    '/ip6/::ffff:127.0.0.1/tcp/1',
    `/ip4/11.0.0.1/tcp/1/p2p/${BERT}/p2p-circuit`,
    `/ip4/11.0.0.1/tcp/1/p2p/${BERT}`,
    '/ip4/11.0.0.1/udp/1/quic-v1',
    '/ip4/11.0.0.1/tcp/4001',
    '/ip4/11.0.0.1/tcp/4002',
  ])
  expect(dialed).toEqual([`/ip4/11.0.0.1/tcp/4001/p2p/${ANNA}`])
  expect(answers).toEqual([{ status: OK, index: 8, dial: OK }])
  expect(brought).toEqual([Uint8Array.from([9, ...NONCE])])
  expect(events).toEqual([
    { type: 'autonat:answered', peerId: ANNA, address: '/ip4/11.0.0.1/tcp/4001', reachable: true },
  ])
})

it('says that nobody was there', async () => {
  const { events, ask } = await serving({ arrives: () => undefined })
  expect(await ask('11.0.0.1', ['/ip4/11.0.0.1/tcp/1'])).toEqual([{ status: OK, index: 0, dial: 100 }])
  expect(events).toMatchObject([{ reachable: false }])
})

it('takes no other connection for the one that was asked for', async () => {
  const { ask } = await serving({ arrives: () => multiaddr('/ip4/12.0.0.1/tcp/1') })
  expect(await ask('11.0.0.1', ['/ip4/11.0.0.1/tcp/1'])).toMatchObject([{ dial: 100 }])
})

it('refuses where it can dial nothing', async () => {
  const { ask, dialed } = await serving()
  expect(await ask('11.0.0.1', ['/ip4/127.0.0.1/tcp/22', '/dns4/localhost/tcp/22'])).toMatchObject([
    { status: REFUSED },
  ])
  expect(dialed).toEqual([])
})

it('dials another host only for those who have sent as much as that costs', async () => {
  const { ask, dialed } = await serving()
  const [wanted, nothing] = await ask('11.0.0.1', ['/ip4/12.0.0.1/tcp/1'], { data: 20_000 })
  expect(wanted?.wantsBytes).toBeGreaterThanOrEqual(30_000)
  expect(nothing).toBeUndefined()
  expect(dialed).toEqual([])
  const [, answer] = await ask('11.0.0.1', ['/ip4/12.0.0.1/tcp/1'], { data: 200_000 })
  expect(answer).toMatchObject({ status: OK, dial: OK })
  expect(dialed).toEqual([`/ip4/12.0.0.1/tcp/1/p2p/${ANNA}`])
})

it('dials twelve times for sixteen requests of one host, whatever Peer IDs it has and whatever they name', async () => {
  const { ask, dialed, told } = await serving()
  const eight = Array.from({ length: 8 }, (_, n) => `/ip4/11.0.0.1/tcp/${n + 1}`)
  const statuses: unknown[] = []
  for (let n = 0; n < 16; n += 1) {
    const [answer] = await ask('11.0.0.1', eight, { peer: n % 2 === 0 ? ANNA : BERT })
    statuses.push(answer?.status)
  }
  expect(dialed).toHaveLength(12)
  expect(statuses.slice(12)).toEqual([REJECTED, REJECTED, REJECTED, REJECTED])
  expect(told).toHaveLength(4)
  expect(told[0]).toMatchObject({ limit: 'dialBacks', action: 'refused', host: '11.0.0.1' })
})

it('has room for others beside one who asks too often, until too many ask, and again after a minute', async () => {
  const { ask, clock, dialed } = await serving()
  for (let n = 0; n < 20; n += 1) await ask('11.0.0.1', ['/ip4/11.0.0.1/tcp/1'])
  const honest = await ask('12.0.0.1', ['/ip4/12.0.0.1/tcp/1'], { peer: BERT })
  expect(honest).toMatchObject([{ status: OK, dial: OK }])
  for (let n = 0; n < 60; n += 1) await ask(`13.0.0.${n}`, [`/ip4/13.0.0.${n}/tcp/1`])
  expect(dialed).toHaveLength(60)
  clock.advance(60_000)
  expect(await ask('11.0.0.1', ['/ip4/11.0.0.1/tcp/1'])).toMatchObject([{ status: OK }])
})

it('has few requests of one host under way at once', async () => {
  const { ask } = await serving()
  const asked = Array.from({ length: 5 }, () => ask('11.0.0.1', ['/ip4/11.0.0.1/tcp/1']))
  const statuses = (await Promise.all(asked)).map(([answer]) => answer?.status)
  expect(statuses.filter(status => status === OK)).toHaveLength(2)
  expect(statuses.filter(status => status === REJECTED)).toHaveLength(3)
})
