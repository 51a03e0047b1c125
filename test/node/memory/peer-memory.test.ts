import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { type SafeText, safeAddress, safeText, say } from '../../../src/core/safe-text.ts'
import { PeerMemory } from '../../../src/node/memory/peer-memory.ts'
import { EventHub } from '../../../src/node/port/event-hub.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { peerIds } from '../../support/peer-ids.ts'

const BOOK_ADDRESS = say`/ip4/192.0.2.1/tcp/4001`

function memory(most: number) {
  const clock = new ManualClock()
  const hub = new EventHub(clock)
  const book = new Map<string, string[]>()
  const forgotten: SafeText[] = []
  const remembered = new PeerMemory({
    hub,
    most,
    forget: peerId => forgotten.push(peerId),
    peerStore: {
      patch: async (id, { multiaddrs = [] }) => {
        book.set(String(id), multiaddrs.map(String))
        return undefined as never
      },
      delete: async id => void book.delete(String(id)),
    },
  })
  const hear = (event: NewEvent<'peer:discovered' | 'peer:refreshed'>) => {
    hub.emit(event)
    remembered.remember(event)
  }
  /** A peer that connects and leaves again. */
  const visit = async (peerId: SafeText) => {
    await clock.advance(1)
    const opened: NewEvent<'connection:opened'> = {
      type: 'connection:opened',
      peerId,
      connectionId: say`c${peerId}`,
      address: BOOK_ADDRESS,
      direction: 'inbound',
      transport: say`tcp`,
      encryption: say`/noise`,
      muxer: say`/yamux/1.0.0`,
    }
    remembered.introduce(opened)
    hub.emit(opened)
    const closed = { durationMs: 1, bytesIn: 0, bytesOut: 0, reason: say`over` }
    hub.emit({ type: 'connection:closed', peerId, connectionId: opened.connectionId, ...closed })
  }
  return { hub, book, forgotten, hear, visit }
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
