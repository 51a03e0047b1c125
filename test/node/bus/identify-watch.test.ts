import type { Connection, IdentifyResult } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import type { BusContext } from '../../../src/node/bus/bus-context.ts'
import { IDENTIFY_DEADLINE_MS, IdentifyWatch } from '../../../src/node/bus/identify-watch.ts'
import { SafeListeners } from '../../../src/node/bus/listening.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const remotePeer = peerIdFromString('12D3KooWEucHPRNRsjrBCaFrYXa8cm5wz6WUUMvdggkJX8FaAEXA')
const connection = { id: 'c1', remotePeer } as unknown as Connection

function watching() {
  const clock = new ManualClock()
  const events: NewEvent[] = []
  const target = new EventTarget()
  const context = { clock, emit: (event: NewEvent) => events.push(event) } as unknown as BusContext
  const watch = new IdentifyWatch(context, new SafeListeners(target as never, () => {}))
  const identify = (result: Partial<IdentifyResult>): void => {
    const detail = { peerId: remotePeer, protocols: [], listenAddrs: [], connection, ...result }
    target.dispatchEvent(new CustomEvent('peer:identify', { detail }))
  }
  return { clock, events, watch, identify }
}

describe('waiting for identify', () => {
  it('says so when a peer has not answered in time: libp2p would stay silent', () => {
    const { clock, events, watch } = watching()
    watch.changed(connection, true)
    clock.advance(IDENTIFY_DEADLINE_MS)
    expect(events).toEqual([
      {
        type: 'peer:unidentified',
        peerId: remotePeer.toString(),
        connectionId: 'c1',
        cause: 'It did not answer identify within 10 s',
      },
    ])
  })

  it('says nothing of the kind when it did, or when the connection closed first', () => {
    const { clock, events, watch, identify } = watching()
    watch.changed(connection, true)
    identify({ agentVersion: 'go-libp2p/0.48' })
    watch.changed({ ...connection, id: 'c2' } as Connection, true)
    watch.changed({ ...connection, id: 'c2' } as Connection, false)
    clock.advance(IDENTIFY_DEADLINE_MS * 2)
    expect(events.map(({ type }) => type)).toEqual(['peer:identified'])
  })

  it('says at once why a peer could not be identified, once', () => {
    const { clock, events, watch } = watching()
    const open = { ...connection, status: 'open' } as Connection
    watch.changed(open, true)
    watch.failed(open, Object.assign(new Error('too long'), { name: 'InvalidDataLengthError' }))
    clock.advance(IDENTIFY_DEADLINE_MS)
    expect(events).toMatchObject([
      { type: 'peer:unidentified', connectionId: 'c1', cause: 'It sends a longer message than is read' },
    ])
  })

  it('leaves it to the deadline where a peer was silent, and says nothing of a connection that closed', () => {
    const { clock, events, watch } = watching()
    const open = { ...connection, status: 'open' } as Connection
    watch.changed(open, true)
    watch.failed(open, new DOMException('', 'TimeoutError'))
    watch.failed({ ...connection, status: 'aborted' } as Connection, new Error('closed'))
    expect(events).toEqual([])
    clock.advance(IDENTIFY_DEADLINE_MS)
    expect(events).toHaveLength(1)
  })

  it('keeps a bounded part of what a peer claims', () => {
    const { events, identify } = watching()
    identify({ protocols: Array.from({ length: 1_000 }, (_, n) => `/p/${n}`) })
    const [identified] = events as NewEvent<'peer:identified'>[]
    expect(identified?.protocols).toHaveLength(128)
  })

  it('leaves no timer behind', () => {
    const { clock, watch } = watching()
    watch.changed(connection, true)
    watch.stop()
    expect(clock.pending).toBe(0)
  })
})
