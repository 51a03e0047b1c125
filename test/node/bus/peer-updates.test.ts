import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import type { BusContext } from '../../../src/node/bus/bus-context.ts'
import { SafeListeners } from '../../../src/node/bus/listening.ts'
import { QUIET_MS, reportPeerUpdates } from '../../../src/node/bus/peer-updates.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const OWN = peerIdFromString('12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X')
const ONE = peerIdFromString('12D3KooWEucHPRNRsjrBCaFrYXa8cm5wz6WUUMvdggkJX8FaAEXA')
const OTHER = peerIdFromString('12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp')

function reporting() {
  const clock = new ManualClock()
  const events: NewEvent<'peer:updated'>[] = []
  const target = new EventTarget()
  const context = { clock, emit: (event: NewEvent) => events.push(event as never), libp2p: { peerId: OWN } }
  const stop = reportPeerUpdates(
    context as unknown as BusContext,
    new SafeListeners(target as never, () => {}),
  )
  const update = (id: typeof ONE, port: number): void => {
    const peer = { id, protocols: [], addresses: [{ multiaddr: multiaddr(`/ip4/192.0.2.1/tcp/${port}`) }] }
    target.dispatchEvent(new CustomEvent('peer:update', { detail: { peer } }))
  }
  const ports = () => events.map(({ addresses }) => Number(/tcp.(\d+)/.exec(String(addresses[0]))?.[1]))
  return { clock, update, ports, stop }
}

describe('changes of what is known of a peer', () => {
  it('are told once a second, however often it changes, and the last one is always told', () => {
    const { clock, update, ports } = reporting()
    for (let port = 1; port <= 1_000; port += 1) update(ONE, port)
    expect(ports()).toEqual([1])
    clock.advance(QUIET_MS)
    expect(ports()).toEqual([1, 1_000])
    update(ONE, 2_000)
    clock.advance(QUIET_MS)
    expect(ports()).toEqual([1, 1_000, 2_000])
  })

  it('are told at once of other peers, and of one that has been quiet', () => {
    const { clock, update, ports } = reporting()
    update(ONE, 1)
    update(OTHER, 2)
    clock.advance(QUIET_MS)
    update(ONE, 3)
    expect(ports()).toEqual([1, 2, 3])
  })

  it('leave no timer behind', () => {
    const { clock, update, stop } = reporting()
    update(ONE, 1)
    stop()
    expect(clock.pending).toBe(0)
    clock.advance(QUIET_MS)
  })
})
