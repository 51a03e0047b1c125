import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, vi } from 'vitest'
import type { NewEvent } from '../../../../src/core/events.ts'
import { IDENTIFY_DEADLINE_MS } from '../../../../src/node/bus/identify-watch.ts'
import type { Excess } from '../../../../src/node/limits/node-limits.ts'
import { NEXT_TRY_MS } from '../../../../src/node/relays/punch/answering.ts'
import { DCUTR } from '../../../../src/node/relays/punch/exchange.ts'
import type { ObservedAddresses } from '../../../../src/node/relays/punch/observed-addresses.ts'
import { Punching } from '../../../../src/node/relays/punch/punching.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { turns } from '../../../support/peers/until.ts'

const RELAY = '12D3KooWEucHPRNRsjrBCaFrYXa8cm5wz6WUUMvdggkJX8FaAEXA'
const OTHER_RELAY = '12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X'

type Handler = (stream: Stream, connection: Connection) => Promise<void>

/** Punching on a node that is connected to nobody yet, and what it tells. */
async function punching() {
  const clock = new ManualClock()
  const events: NewEvent[] = []
  const excesses: Excess[] = []
  let handler: Handler = async () => {}
  const components = {
    registrar: {
      handle: async (_: string, onStream: Handler) => {
        handler = onStream
      },
      unhandle: async () => {},
    },
    addressManager: { getAddresses: () => [] },
    transportManager: {},
  }
  const libp2p = Object.assign(new EventTarget(), {
    components,
    getConnections: () => [],
    peerStore: { get: () => Promise.reject(new Error('not known')) },
  })
  const service = await Punching.start({
    libp2p: libp2p as unknown as Libp2p,
    clock,
    emit: event => void events.push(event),
    exceeded: excess => void excesses.push(excess),
    observed: { list: () => [], mapping: () => 'unknown' } as unknown as ObservedAddresses,
  })
  const relayed = (direction: 'inbound' | 'outbound', relay = RELAY) => {
    const remotePeer = { toString: () => 'anna' }
    const remoteAddr = multiaddr(`/ip4/192.0.2.1/tcp/1/p2p/${relay}/p2p-circuit`)
    const facts = { id: 'c1', direction, direct: false, status: 'open', remotePeer, remoteAddr }
    const connection = Object.assign(new EventTarget(), facts) as unknown as Connection
    libp2p.dispatchEvent(new CustomEvent('connection:open', { detail: connection }))
    return connection
  }
  const identified = (connection: Connection, protocols: string[]) =>
    libp2p.dispatchEvent(new CustomEvent('peer:identify', { detail: { connection, protocols } }))
  return {
    clock,
    events,
    excesses,
    service,
    relayed,
    identified,
    asked: (stream: Stream, on: Connection) => handler(stream, on),
  }
}

describe('punching', () => {
  it('is not done for all whom one relay brings, and goes on for those of others', async () => {
    const { clock, events, excesses, relayed, identified } = await punching()
    const begun = () => events.filter(({ type }) => type === 'punch:started').length
    const come = (relay: string) => identified(relayed('inbound', relay), [DCUTR])
    for (let n = 0; n < 20; n += 1) come(RELAY)
    expect(begun()).toBe(16)
    expect(excesses).toHaveLength(4)
    expect(excesses[0]).toMatchObject({ limit: 'punches', action: 'refused' })
    come(OTHER_RELAY)
    clock.advance(10_000)
    come(RELAY)
    expect(begun()).toBe(18)
  })

  it('begins with whoever never identifies itself over the relay, too', async () => {
    const { clock, events, relayed } = await punching()
    relayed('inbound')
    clock.advance(IDENTIFY_DEADLINE_MS - 1)
    await turns()
    expect(events).toEqual([])
    clock.advance(1)
    await turns()
    expect(events.map(({ type }) => type)).toEqual(['punch:started', 'punch:failed'])
  })

  it('begins once for a connection, however often identify tells of it', async () => {
    const { clock, events, relayed, identified } = await punching()
    const connection = relayed('inbound')
    identified(connection, [DCUTR])
    identified(connection, [DCUTR])
    await turns()
    clock.advance(IDENTIFY_DEADLINE_MS)
    await turns()
    expect(events.map(({ type }) => type)).toEqual(['punch:started', 'punch:failed'])
  })

  it('lets nobody have this node dial for ever: once it is over streams are reset', async () => {
    const { clock, events, relayed, identified, asked } = await punching()
    const connection = relayed('outbound')
    identified(connection, [DCUTR])
    clock.advance(NEXT_TRY_MS)
    const abort = vi.fn()
    await asked({ abort } as unknown as Stream, connection)
    expect(abort).toHaveBeenCalledOnce()
    expect(events.map(({ type }) => type)).toEqual(['punch:started', 'punch:failed'])
  })

  it('says no word once it is stopped', async () => {
    const { clock, events, service, relayed, identified } = await punching()
    identified(relayed('outbound'), [DCUTR])
    await service.stop()
    identified(relayed('inbound'), [DCUTR])
    clock.advance(NEXT_TRY_MS)
    await turns()
    expect(events).toEqual([])
  })
})
