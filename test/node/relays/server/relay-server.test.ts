import type { Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RELAY_SERVER, type RelayServerOptions } from '../../../../src/node/options.ts'
import { failureOf } from '../../../support/failures.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { PATIENCE_MS } from '../../../support/patience.ts'
import { startPeer, stopPeers } from '../../../support/peers/peer.ts'
import { reserveOnce, startStockClient } from '../../../support/peers/relay-peers.ts'
import { type WatchedNode, watchNode } from '../../../support/watched-node.ts'

function relay(limits: Partial<RelayServerOptions> = {}, clock?: ManualClock): WatchedNode {
  return watchNode({ relayServer: { ...DEFAULT_RELAY_SERVER, ...limits } }, clock)
}

/** Two nodes of ours with a relay of ours between them, and the connection through it. */
async function throughRelay(server: WatchedNode, clock?: ManualClock) {
  const holder = watchNode({ listen: [] }, clock)
  const dialer = watchNode({ listen: [] }, clock)
  const { addresses } = await holder.port.request('reserve', { relay: await server.address() })
  const target = String(addresses[0])
  const dialed = await dialer.port.request('dial', { target })
  return { holder, dialer, dialed, target, opened: await server.heard('circuit:opened') }
}

/** A peer of libp2p's own that has a reservation and does nothing about it. */
async function passiveHolder(server: WatchedNode): Promise<{ target: string; peerId: string }> {
  const peer = await startPeer({ listen: [] })
  onTestFinished(() => stopPeers([peer]))
  await reserveOnce(peer, await server.address())
  const peerId = peer.peerId.toString()
  return { target: `${await server.address()}/p2p-circuit/p2p/${peerId}`, peerId }
}

/** A peer that keeps a relay waiting for whether it takes a connection, until the test has it refuse them all. */
async function slowHolder() {
  const holder = await startPeer({ listen: [] })
  onTestFinished(() => stopPeers([holder]))
  const waiting = Promise.withResolvers<void>()
  const refuse = async (stream: Stream): Promise<void> => {
    await waiting.promise
    stream.abort(new Error('refused'))
  }
  await holder.handle('/libp2p/circuit/relay/0.2.0/stop', refuse)
  return { holder, refuseAll: waiting.resolve }
}

describe('a connection through this relay', () => {
  it('is told from its start to its end: who to whom, how long, how much', async () => {
    const clock = new ManualClock(Date.now())
    const server = relay({}, clock)
    const { holder, dialer, dialed, opened } = await throughRelay(server)
    expect(opened).toMatchObject({
      peerId: await dialer.peerId(),
      toPeerId: await holder.peerId(),
      limitBytes: DEFAULT_RELAY_SERVER.connectionBytes,
      limitMs: DEFAULT_RELAY_SERVER.connectionMs,
    })
    await dialer.port.request('ping', { peerId: dialed.peerId })
    await clock.advanceAsync(3_000, 1_000)
    const measured = await server.heard('circuit:measured')
    expect(measured.bytesTo).toBeGreaterThan(100)
    expect(measured.bytesBack).toBeGreaterThan(100)
    expect(server.state().circuits.get(opened.circuitId)).toMatchObject({ toPeerId: opened.toPeerId })
    await dialer.port.request('hangUp', { peerId: dialed.peerId })
    const closed = await server.heard('circuit:closed')
    expect(closed).toMatchObject({
      circuitId: opened.circuitId,
      reason: 'one of the peers closed it',
      durationMs: 3_000,
    })
    expect(closed.bytesTo).toBeGreaterThanOrEqual(measured.bytesTo)
    expect(server.state().circuits.size).toBe(0)
    expect(server.state().granted.get(opened.toPeerId)?.relayed).toEqual({
      circuits: 1,
      bytes: closed.bytesTo + closed.bytesBack,
    })
    // Nothing is measured any more: the node's own timers are left.
    await clock.advanceAsync(5_000, 1_000)
    expect(server.events.filter(({ type, seq }) => type === 'circuit:measured' && seq > closed.seq)).toEqual(
      [],
    )
  })

  it('is closed when its time is up, and both sides are told', async () => {
    const clock = new ManualClock(Date.now())
    const server = relay({ connectionMs: 60_000 }, clock)
    const { holder, dialer, dialed } = await throughRelay(server, clock)
    clock.advance(60_000)
    expect((await server.heard('circuit:closed')).reason).toBe('it reached its limit of 1 min 0 s')
    const isDialed = (event: { connectionId: string }) => event.connectionId === dialed.connectionId
    expect((await dialer.heard('connection:closed', isDialed)).reason).toBe(
      "The relay's time limit for one connection is over: 1 min 0 s",
    )
    expect((await holder.heard('connection:closed')).reason).toContain('time limit')
  })

  it('is closed when it has carried as much one way as it may', async () => {
    const server = relay({ connectionBytes: 20_000 })
    const holder = await startStockClient()
    const dialer = await startStockClient()
    await holder.handle('/fill/1', () => {}, { runOnLimitedConnection: true })
    const { transportManager } = (holder as never as { components: { transportManager: Listening } })
      .components
    await transportManager.listen([multiaddr(`${await server.address()}/p2p-circuit`)])
    const target = `${await server.address()}/p2p-circuit/p2p/${holder.peerId.toString()}`
    const connection = await dialer.dial(multiaddr(target))
    const stream = await connection.newStream('/fill/1', { runOnLimitedConnection: true })
    stream.send(new Uint8Array(30_000))
    const closed = await server.heard('circuit:closed')
    expect(closed.reason).toBe('it reached its limit of 20 kB')
    expect(closed.bytesTo).toBeGreaterThan(20_000)
    expect(closed.bytesBack).toBeLessThan(20_000)
  })

  it('tells libp2p for JavaScript its limits as the protocol has them, in seconds', async () => {
    const server = relay({ connectionMs: 90_000, connectionBytes: 50_000 })
    const holder = watchNode({ listen: [] })
    const dialer = await startStockClient()
    const { addresses } = await holder.port.request('reserve', { relay: await server.address() })
    const { limits } = await dialer.dial(multiaddr(String(addresses[0])))
    expect(limits?.seconds).toBeGreaterThan(60)
    expect(limits?.seconds).toBeLessThanOrEqual(90)
    expect(Number(limits?.bytes)).toBeLessThanOrEqual(50_000)
  })
})

describe('a relay', () => {
  it('says at its start what it gives', async () => {
    const server = relay({ reservations: 3, circuits: 2 })
    expect(await server.heard('relay:started')).toMatchObject({
      reservations: 3,
      circuits: 2,
      limitMs: DEFAULT_RELAY_SERVER.connectionMs,
    })
    expect(server.state().relayService?.reservations).toBe(3)
  })
})

describe('a reservation that was granted', () => {
  it('ends when its holder does not renew it, and nobody gets through any more', async () => {
    const server = relay({ reservationMs: 1_000 })
    const { target, peerId } = await passiveHolder(server)
    expect(await server.heard('relay:granted')).toMatchObject({ peerId, renewed: false })
    expect(await server.heard('relay:released')).toMatchObject({ peerId, reason: 'it expired' })
    expect(server.state().granted.size).toBe(0)
    const dialer = watchNode({ listen: [] })
    expect((await failureOf(() => dialer.port.request('dial', { target }))).cause).toContain('no reservation')
    expect(await server.heard('circuit:refused')).toMatchObject({
      peerId: await dialer.peerId(),
      toPeerId: peerId,
      reason: 'the target has no reservation here',
    })
  })
})

describe('what this relay refuses', () => {
  it('more connections of one peer than it may have', async () => {
    const server = relay({ circuits: 1 })
    const { holder, target } = await throughRelay(server)
    const second = watchNode({ listen: [] })
    expect((await failureOf(() => second.port.request('dial', { target }))).cause).toContain('at its limits')
    expect(await server.heard('circuit:refused')).toMatchObject({
      peerId: await second.peerId(),
      toPeerId: await holder.peerId(),
      reason: 'one of the two already has 1 relayed connection, the most allowed',
    })
  })

  it('more connections at once, while the holder has not answered', async () => {
    const server = relay({ circuits: 2 })
    const { holder, refuseAll } = await slowHolder()
    await reserveOnce(holder, await server.address())
    const target = `${await server.address()}/p2p-circuit/p2p/${holder.peerId.toString()}`
    const dialers = Array.from({ length: 6 }, () => watchNode({ listen: [] }))
    const dials = dialers.map(dialer => dialer.port.request('dial', { target }).catch(() => undefined))
    await expect
      .poll(() => server.events.filter(({ type }) => type === 'circuit:refused').length, {
        timeout: PATIENCE_MS,
      })
      .toBe(4)
    refuseAll()
    await Promise.all(dials)
    // The places of those that came to nothing are free again.
    const again = await failureOf(() => watchNode({ listen: [] }).port.request('dial', { target }))
    expect(again.cause).not.toContain('at its limits')
  })

  it('to connect to a holder who does not take it', async () => {
    const server = relay()
    const { target } = await passiveHolder(server)
    const dialer = watchNode({ listen: [] })
    expect((await failureOf(() => dialer.port.request('dial', { target }))).cause).toContain(
      'could not get through to the peer',
    )
    expect((await server.heard('circuit:refused')).reason).toBe('the target did not accept the connection')
  })
})

interface Listening {
  listen(addresses: unknown[]): Promise<void>
}
