import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RequestFailed } from '../../../src/core/failure.ts'
import { DEFAULT_RELAY_SERVER, type RelayServerOptions } from '../../../src/node/options.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { type WatchedNode, watchNode } from '../../support/watched-node.ts'

function relay(limits: Partial<RelayServerOptions> = {}): WatchedNode {
  return watchNode({ relayServer: { ...DEFAULT_RELAY_SERVER, ...limits } })
}

async function failureOf(request: Promise<unknown>) {
  const error = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(RequestFailed)
  return (error as RequestFailed).failure
}

describe('a reservation', () => {
  it('is made, known on both sides, and dialed through', async () => {
    const server = relay()
    const holder = watchNode({ listen: [] })
    const dialer = watchNode({ listen: [] })
    const reserved = await holder.port.request('reserve', { relay: await server.address() })
    const [address] = reserved.addresses
    expect(address).toBe(`${await server.address()}/p2p-circuit/p2p/${await holder.peerId()}`)
    expect(await holder.heard('relay:reserved')).toMatchObject({
      peerId: await server.peerId(),
      renewed: false,
      expiresAt: reserved.expiresAt,
    })
    expect(await server.heard('relay:granted')).toMatchObject({
      peerId: await holder.peerId(),
      limitBytes: DEFAULT_RELAY_SERVER.connectionBytes,
      limitMs: DEFAULT_RELAY_SERVER.connectionMs,
      expiresAt: reserved.expiresAt,
    })
    expect(await holder.heard('listen:opened', event => event.address === address)).toBeDefined()

    const dialed = await dialer.port.request('dial', { target: String(address) })
    const opened = await dialer.heard(
      'connection:opened',
      event => event.connectionId === dialed.connectionId,
    )
    expect(opened).toMatchObject({ peerId: await holder.peerId(), transport: 'p2p-circuit', relayed: true })
    expect(opened.limitBytes).toBeLessThanOrEqual(DEFAULT_RELAY_SERVER.connectionBytes)
    expect((await dialer.port.request('ping', { peerId: dialed.peerId })).rttMs).toBeGreaterThan(0)
  })

  it('that stands is told again, and made once', async () => {
    const server = relay()
    const holder = watchNode({ listen: [] })
    const words = { relay: `${await server.address()}/p2p-circuit` }
    const first = await holder.port.request('reserve', words)
    expect(await holder.port.request('reserve', words)).toEqual(first)
    expect(server.events.filter(({ type }) => type === 'relay:granted')).toHaveLength(1)
  })

  it('is renewed before it expires, and stays listed', async () => {
    const server = relay({ reservationMs: 3_000 })
    const holder = watchNode({ listen: [] })
    const { expiresAt } = await holder.port.request('reserve', { relay: await server.address() })
    const renewed = await holder.heard('relay:reserved', event => event.renewed)
    expect(renewed.time).toBeLessThan(expiresAt)
    expect((await server.heard('relay:granted', event => event.renewed)).peerId).toBe(await holder.peerId())
    expect(holder.state().relays.size).toBe(1)
    expect(server.state().granted.size).toBe(1)
    expect(holder.events.filter(({ type }) => type === 'relay:lost')).toEqual([])
    expect(holder.events.filter(({ type }) => type === 'listen:opened')).toHaveLength(1)
  })

  it('is lost with its relay, and no longer listened on', async () => {
    const server = relay()
    const holder = watchNode({ listen: [] })
    const { peerId, addresses } = await holder.port.request('reserve', { relay: await server.address() })
    await server.port.stop()
    expect(await holder.heard('relay:lost')).toMatchObject({ peerId, reason: 'the connection to it ended' })
    await holder.heard('listen:closed', event => event.address === addresses[0])
    expect(holder.state().relays.size).toBe(0)
    expect(holder.state().node.listening).toEqual([])
  })

  it('ends on the relay with the connection of its holder, and makes room', async () => {
    const server = relay({ reservations: 1 })
    const first = watchNode({ listen: [] })
    const second = watchNode({ listen: [] })
    const words = { relay: await server.address() }
    await first.port.request('reserve', words)
    const failure = await failureOf(second.port.request('reserve', words))
    expect(failure).toMatchObject({
      stage: 'protocol',
      cause: 'The relay refused the reservation: it has none left',
    })
    expect(await second.heard('relay:failed')).toMatchObject({ ...failure, peerId: await server.peerId() })
    expect(await server.heard('relay:refused')).toMatchObject({ peerId: await second.peerId() })
    await first.port.request('hangUp', { peerId: await server.peerId() })
    expect((await server.heard('relay:released')).reason).toBe('its holder disconnected')
    expect((await second.port.request('reserve', words)).addresses).toHaveLength(1)
  })

  it('is made at the start with --relay', async () => {
    const server = relay()
    const holder = watchNode({ listen: [], relays: [await server.address()] })
    expect(await holder.heard('relay:reserved')).toMatchObject({ peerId: await server.peerId() })
  })
})

describe('no reservation', () => {
  it('where no relay is', async () => {
    const peer = await startPeer()
    onTestFinished(() => stopPeers([peer]))
    const holder = watchNode({ listen: [] })
    const words = { relay: addressOf(peer).toString() }
    for (const _ of ['first', 'asked again']) {
      expect(await failureOf(holder.port.request('reserve', words))).toMatchObject({
        stage: 'protocol',
        cause: 'It is no relay: it does not pass connections on for others',
      })
    }
    expect(holder.state().relays.size).toBe(0)
  })

  it('through two relays', async () => {
    const server = relay()
    const holder = watchNode({ listen: [] })
    const twice = `${await server.address()}/p2p-circuit/p2p/${await holder.peerId()}`
    expect((await failureOf(holder.port.request('reserve', { relay: twice }))).cause).toMatch(
      /peer behind a relay/,
    )
  })

  it('means no connection through the relay', async () => {
    const server = relay()
    const target = watchNode({ listen: [] })
    const dialer = watchNode({ listen: [] })
    const address = `${await server.address()}/p2p-circuit/p2p/${await target.peerId()}`
    expect(await failureOf(dialer.port.request('dial', { target: address }))).toMatchObject({
      cause: 'The peer has no reservation at this relay, or is not connected to it any more',
    })
  })
})

describe('hole punching', () => {
  it('among private addresses is told to be of no use, and leaves the relayed connection', async () => {
    const server = relay()
    const holder = watchNode({ listen: [] })
    const dialer = watchNode({ listen: [] })
    const { addresses } = await holder.port.request('reserve', { relay: await server.address() })
    const dialed = await dialer.port.request('dial', { target: String(addresses[0]) })
    const peerId = await dialer.peerId()
    await holder.heard('punch:started', event => event.peerId === peerId)
    expect(await holder.heard('punch:failed')).toMatchObject({
      peerId,
      cause: 'No public address of this node is known: no peer outside has told where it sees us',
      hint: expect.stringContaining('private addresses are never tried'),
    })
    expect(dialer.state().connections.get(dialed.connectionId)).toMatchObject({ relayed: true })
  })

  it('is not tried with a peer that does not know how, whichever of both was dialed', async () => {
    const server = relay()
    const ours = watchNode({ listen: [] })
    const { addresses } = await ours.port.request('reserve', { relay: await server.address() })
    const caller = await startPeer({ transports: [circuitRelayTransport()] })
    const holder = await startPeer({
      listen: [`${await server.address()}/p2p-circuit`],
      transports: [circuitRelayTransport()],
    })
    onTestFinished(() => stopPeers([caller, holder]))
    await caller.dial(multiaddr(String(addresses[0])))
    await ours.port.request('dial', {
      target: `${await server.address()}/p2p-circuit/p2p/${holder.peerId}`,
    })
    for (const peer of [caller, holder]) {
      expect(await ours.heard('punch:failed', event => event.peerId === `${peer.peerId}`)).toMatchObject({
        cause: 'The other side does not punch holes: it does not speak DCUtR',
      })
    }
  })
})
