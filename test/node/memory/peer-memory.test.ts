import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { type SafeText, safeAddress, safeText, say } from '../../../src/core/safe-text.ts'
import { PeerMemory } from '../../../src/node/memory/peer-memory.ts'
import { EventHub } from '../../../src/node/port/event-hub.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { peerIds } from '../../support/peer-ids.ts'

const BOOK_ADDRESS = say`/ip4/192.0.2.1/tcp/4001`

function memory(most: number, mostText?: number) {
  const clock = new ManualClock()
  const hub = new EventHub(clock)
  const book = new Map<string, string[]>()
  const proofs = new Map<string, SafeText[]>()
  const forgotten: SafeText[] = []
  const remembered = new PeerMemory({
    hub,
    most,
    ...(mostText === undefined ? {} : { mostText }),
    proven: {
      of: peerId => proofs.get(peerId) ?? [],
      add: (peerId, address) => void proofs.set(peerId, [address]),
    },
    forget: peerId => forgotten.push(peerId),
    peerStore: {
      patch: async (id, { multiaddrs = [] }) => {
        book.set(String(id), multiaddrs.map(String))
        return undefined as never
      },
      delete: async id => void book.delete(String(id)),
    },
  })
  const hear = (event: NewEvent) => {
    hub.emit(event)
    remembered.heard(event)
  }
  /** A peer that connects, or is dialed, and leaves again. */
  const visit = async (
    peerId: SafeText,
    meanwhile = () => {},
    direction: 'inbound' | 'outbound' = 'inbound',
  ) => {
    await clock.advance(1)
    const opened: NewEvent<'connection:opened'> = {
      type: 'connection:opened',
      peerId,
      connectionId: say`c${peerId}`,
      address: BOOK_ADDRESS,
      direction,
      transport: say`tcp`,
      encryption: say`/noise`,
      muxer: say`/yamux/1.0.0`,
    }
    remembered.introduce(opened)
    hear(opened)
    meanwhile()
    const closed = { durationMs: 1, bytesIn: 0, bytesOut: 0, reason: say`over` }
    hear({ type: 'connection:closed', peerId, connectionId: opened.connectionId, ...closed })
  }
  return { hub, book, proofs, forgotten, hear, visit }
}

describe('the memory for peers', () => {
  it('discovers a peer by its first connection, once', async () => {
    const { hub, visit } = memory(10)
    const [id = say``] = await peerIds(1)
    await visit(id)
    await visit(id)
    expect(hub.state.peers.get(id)?.sightings.map(({ source }) => source)).toEqual(['inbound'])
  })

  it('is bounded for peers that only come and go, each with a new Peer ID', async () => {
    const { hub, visit, forgotten } = memory(10)
    const ids = await peerIds(25)
    for (const id of ids) await visit(id)
    expect(hub.state.peers.size).toBeLessThanOrEqual(10)
    expect(forgotten).toEqual(ids.slice(0, 15))
    expect(hub.state.peers.has(ids.at(-1) ?? '')).toBe(true)
  })

  it('puts what is heard into the address book, and takes it out with the peer', async () => {
    const { book, hear, visit } = memory(2)
    const [first = say``, ...others] = await peerIds(3)
    hear({ type: 'peer:discovered', peerId: first, addresses: [BOOK_ADDRESS], source: 'mdns' })
    expect(book.get(first)).toEqual([BOOK_ADDRESS])
    for (const id of others) await visit(id)
    expect(book.has(first)).toBe(false)
  })

  it('notes a proof for whom it dialed, and for nobody who dialed it', async () => {
    const { proofs, visit } = memory(10)
    const [dialed = say``, visitor = say``] = await peerIds(2)
    await visit(dialed, undefined, 'outbound')
    await visit(visitor)
    expect([...proofs]).toEqual([[dialed, [BOOK_ADDRESS]]])
  })

  it('notes no proof for the end of a hole, where nobody listens', async () => {
    const { proofs, hear, visit } = memory(10)
    const [peerId = say``] = await peerIds(1)
    hear({ type: 'punch:started', peerId })
    hear({ type: 'punch:tried', peerId, how: 'punch', attempt: 1, attempts: 3, addresses: [BOOK_ADDRESS] })
    await visit(peerId, undefined, 'outbound')
    expect(proofs.size).toBe(0)
  })

  it('lets a crowd of made-up peers drive out itself alone, not one that has proved where it is', async () => {
    const { hub, hear, visit, forgotten } = memory(10)
    const [proven = say``, ...crowd] = await peerIds(40)
    await visit(proven, undefined, 'outbound')
    for (const peerId of crowd) {
      hear({ type: 'peer:discovered', peerId, addresses: [BOOK_ADDRESS], source: 'mdns' })
    }
    expect(hub.state.peers.has(proven)).toBe(true)
    expect(forgotten.length).toBeGreaterThan(20)
  })

  describe('for text', () => {
    const addresses = (count: number) =>
      Array.from({ length: count }, (_, n) => safeAddress(`/dns4/${'a'.repeat(230)}/tcp/${n + 1}`))
    const announced = (peerId: SafeText, count = 30): NewEvent => ({
      type: 'peer:discovered',
      peerId,
      addresses: addresses(count),
      source: 'dht',
    })
    const textIn = ({ state }: EventHub) =>
      [...state.peers.values()].flatMap(peer => peer.sightings.flatMap(({ addresses: all }) => all)).join('')
        .length

    it('is bounded, whoever says how much; those who say little stay', async () => {
      const mostText = 40_000
      const { hub, hear, forgotten } = memory(100, mostText)
      const [modest = say``, ...wordy] = await peerIds(50)
      hear({ type: 'peer:discovered', peerId: modest, addresses: [BOOK_ADDRESS], source: 'dht' })
      for (const id of wordy) {
        hear(announced(id))
        expect(textIn(hub)).toBeLessThanOrEqual(mostText)
      }
      expect(forgotten.length).toBeGreaterThan(40)
      expect(hub.state.peers.has(modest)).toBe(true)
      expect(hub.state.peers.has(wordy.at(-1) ?? '')).toBe(true)
    })

    it('is not taken from a peer that has proved where it is, however much others say of it', async () => {
      const { hub, hear, visit, forgotten } = memory(100, 40_000)
      const [proven = say``, ...crowd] = await peerIds(20)
      await visit(proven, undefined, 'outbound')
      hear(announced(proven, 32))
      for (const id of crowd) hear(announced(id))
      expect(forgotten.length).toBeGreaterThan(5)
      expect(hub.state.peers.has(proven)).toBe(true)
    })

    it('counts what a peer says of itself, once it is gone', async () => {
      const { hub, hear, visit, forgotten } = memory(100, 20_000)
      const ids = await peerIds(10)
      for (const peerId of ids) {
        await visit(peerId, () =>
          hear({
            type: 'peer:identified',
            peerId,
            connectionId: say`c${peerId}`,
            protocols: Array.from({ length: 64 }, (_, n) => safeText(`/${n}/`.padEnd(100, 'p'))),
            addresses: [],
          }),
        )
      }
      expect(forgotten.length).toBeGreaterThan(5)
      expect(hub.state.peers.has(ids.at(-1) ?? '')).toBe(true)
    })

    it('has room again for one after those that were forgotten', async () => {
      const { hear, forgotten } = memory(100, 40_000)
      const ids = await peerIds(4)
      for (const id of ids) {
        hear(announced(id))
        hear({ type: 'peer:forgotten', peerId: id })
      }
      for (const id of ids) hear(announced(id, 10))
      expect(forgotten).toEqual([])
    })
  })

  it('takes no harm from addresses that cannot be read', async () => {
    const { hub, book, hear } = memory(10)
    const [peerId = say``] = await peerIds(1)
    const addresses = [
      safeText(`/dns4/${'a'.repeat(118)}/tcp/4001`),
      safeAddress('/evil/\u001b'),
      BOOK_ADDRESS,
    ]
    hear({ type: 'peer:discovered', peerId, addresses, source: 'mdns' })
    expect(book.get(peerId)).toEqual([BOOK_ADDRESS])
    expect(hub.state.peers.get(peerId)?.addresses).toHaveLength(3)
  })
})
