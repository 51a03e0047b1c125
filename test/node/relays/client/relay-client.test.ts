import { describe, expect, it } from 'vitest'
import { DEFAULT_RELAY_SERVER, type RelayServerOptions } from '../../../../src/node/options.ts'
import { failureOf } from '../../../support/failures.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { addressOf } from '../../../support/peers/peer.ts'
import { startLooseRelay, startStockRelay } from '../../../support/peers/relay-peers.ts'
import { scratchDirectory } from '../../../support/scratch.ts'
import { type WatchedNode, watchNode } from '../../../support/watched-node.ts'

function relay(limits: Partial<RelayServerOptions> = {}): WatchedNode {
  return watchNode({ relayServer: { ...DEFAULT_RELAY_SERVER, ...limits } })
}

describe('the limits of a reservation', () => {
  it('are told with it, before anything goes through the relay', async () => {
    const server = relay({ connectionBytes: 5_000, connectionMs: 90_000 })
    const holder = watchNode({ listen: [] })
    const reserved = await holder.port.request('reserve', { relay: await server.address() })
    expect(reserved).toMatchObject({ limitBytes: 5_000, limitMs: 90_000 })
    expect(await holder.heard('relay:reserved')).toMatchObject({ limitBytes: 5_000, limitMs: 90_000 })
    expect(holder.state().relays.get(await server.peerId())).toMatchObject({ limitMs: 90_000 })
  })

  it('of a relay of libp2p for JavaScript, which tells ms, are what it enforces', async () => {
    const stock = await startStockRelay({ duration: 90_000, data: 5_000n })
    const holder = watchNode({ listen: [] })
    const dialer = watchNode({ listen: [] })
    const reserved = await holder.port.request('reserve', { relay: addressOf(stock).toString() })
    expect(reserved).toMatchObject({ limitBytes: 5_000, limitMs: 90_000 })
    const dialed = await dialer.port.request('dial', { target: String(reserved.addresses[0]) })
    expect(dialed).not.toHaveProperty('others')
    const isDialed = (event: { connectionId: string }) => event.connectionId === dialed.connectionId
    const limitMs = (await dialer.heard('connection:opened', isDialed)).limitMs ?? 0
    expect(limitMs).toBeGreaterThan(60_000)
    expect(limitMs).toBeLessThanOrEqual(90_000)
    const inbound = await holder.heard('connection:opened', ({ relayed }) => relayed === true)
    expect(inbound.limitMs).toBeLessThanOrEqual(90_000)
  })

  it('of a relay of which nobody knows what it runs are seconds, as the protocol has it', async () => {
    const stock = await startStockRelay({ duration: 120 }, { agentVersion: 'somebody/1' })
    const holder = watchNode({ listen: [] })
    const reserved = await holder.port.request('reserve', { relay: addressOf(stock).toString() })
    expect(reserved.limitMs).toBe(120_000)
  })
})

it('reserves at several relays at once', async () => {
  const servers = Array.from({ length: 6 }, () => relay())
  const holder = watchNode({ listen: [] })
  const reserving = servers.map(async server =>
    holder.port.request('reserve', { relay: await server.address() }),
  )
  const addresses = (await Promise.all(reserving)).flatMap(reserved => reserved.addresses)
  expect(holder.state().node.listening.toSorted()).toEqual(addresses.toSorted())
})

describe('a relay that allows not everybody', () => {
  it('refuses a reservation', async () => {
    const stock = await startStockRelay({}, { gater: { denyInboundRelayReservation: () => true } })
    const holder = watchNode({ listen: [] })
    const words = { relay: addressOf(stock).toString() }
    expect((await failureOf(() => holder.port.request('reserve', words))).cause).toBe(
      'The relay does not allow us a reservation',
    )
    expect(holder.state().relays.size).toBe(0)
    // Asked by a person, it is not asked again by itself.
    expect(holder.state().awaited.size).toBe(0)
  })

  it('refuses a connection through it', async () => {
    const stock = await startStockRelay({}, { gater: { denyOutboundRelayedConnection: () => true } })
    const holder = watchNode({ listen: [] })
    const dialer = watchNode({ listen: [] })
    const { addresses } = await holder.port.request('reserve', { relay: addressOf(stock).toString() })
    const target = String(addresses[0])
    expect((await failureOf(() => dialer.port.request('dial', { target }))).cause).toBe(
      'The relay does not allow us to connect through it',
    )
  })

  it('is asked again when it was wanted from the start', async () => {
    const clock = new ManualClock(Date.now())
    let denied = true
    const stock = await startStockRelay({}, { gater: { denyInboundRelayReservation: () => denied } })
    const holder = watchNode({ listen: [], relays: [addressOf(stock).toString()] }, clock)
    expect(await holder.heard('relay:awaited')).toMatchObject({ attempts: 0, nextInMs: 2_000 })
    denied = false
    await clock.advanceAsync(2_000)
    await holder.heard('relay:reserved')
    expect(holder.state().awaited.size).toBe(0)
  })
})

describe('a relay that says what no relay says', () => {
  it('grants nothing with a reservation that is over as it begins', async () => {
    const clock = new ManualClock(Date.now())
    const { peer, asked } = await startLooseRelay({ expire: Math.floor(clock.now() / 1000) - 7_200 })
    const holder = watchNode({ listen: [] }, clock)
    const words = { relay: addressOf(peer).toString() }
    expect(await failureOf(() => holder.port.request('reserve', words))).toMatchObject({
      cause: 'The reservation that the relay granted is over already',
      hint: 'The clock of one of both machines is wrong: compare them (date -u)',
    })
    await clock.advanceAsync(20_000, 500)
    expect(asked()).toBe(1)
    expect(holder.state().relays.size).toBe(0)
  })

  it('is asked no more than once a second for one that is over in a moment', async () => {
    const clock = new ManualClock(Date.now())
    const { peer, asked } = await startLooseRelay({ expire: Math.floor(clock.now() / 1000) + 2 })
    const holder = watchNode({ listen: [] }, clock)
    await holder.port.request('reserve', { relay: addressOf(peer).toString() })
    await clock.advanceAsync(999, 111)
    expect(asked()).toBe(1)
    await clock.advanceAsync(1)
    await holder.heard('relay:reserved', ({ renewed }) => renewed)
    expect(asked()).toBe(2)
  })

  it('does not have us listen on all that it names, nor believe in the year 300,000', async () => {
    const addresses = Array.from({ length: 1_000 }, (_, n) => `/ip4/11.0.0.1/tcp/${n + 1}`)
    const { peer } = await startLooseRelay({ expire: 2 ** 50, addresses })
    const holder = watchNode({ listen: [] })
    const reserved = await holder.port.request('reserve', { relay: addressOf(peer).toString() })
    expect(reserved.addresses).toHaveLength(16)
    expect(new Date(reserved.expiresAt).getTime()).not.toBeNaN()
    expect(holder.state().node.listening).toHaveLength(16)
  })

  it('and goes on for longer than it may is no relay of ours', async () => {
    const addresses = Array.from({ length: 100_000 }, (_, n) => `/ip4/11.0.${n % 250}.1/tcp/${n % 60_000}`)
    const { peer } = await startLooseRelay({ expire: 2 ** 40, addresses })
    const holder = watchNode({ listen: [] })
    const words = { relay: addressOf(peer).toString() }
    expect((await failureOf(() => holder.port.request('reserve', words))).cause).toBe(
      'It sends a longer message than is read',
    )
  })
})

describe('a reservation that a person ends', () => {
  it('by listening there no longer is the only one to end', async () => {
    const [first, second] = [relay(), relay()]
    const holder = watchNode({ listen: [] })
    const dialer = watchNode({ listen: [] })
    const { addresses } = await holder.port.request('reserve', { relay: await first.address() })
    const kept = await holder.port.request('reserve', { relay: await second.address() })
    const [address = ''] = addresses
    expect((await holder.port.request('unlisten', { address })).addresses).toEqual([address])
    expect(await holder.heard('relay:lost')).toMatchObject({
      peerId: await first.peerId(),
      reason: 'You listen there no longer',
    })
    expect([...holder.state().relays.keys()]).toEqual([kept.peerId])
    expect(holder.state().node.listening).toEqual(kept.addresses)
    await dialer.port.request('dial', { target: String(kept.addresses[0]) })
    // The relay still counts on it, and does not get through.
    expect((await failureOf(() => dialer.port.request('dial', { target: address }))).cause).toContain(
      'could not get through',
    )
    expect([...holder.state().relays.keys()]).toEqual([kept.peerId])
  })

  it('and makes again is listened on once', async () => {
    const server = relay()
    const holder = watchNode({ listen: [] })
    const words = { relay: await server.address() }
    const { addresses } = await holder.port.request('reserve', words)
    await holder.port.request('unlisten', { address: String(addresses[0]) })
    await holder.port.request('reserve', words)
    await holder.port.request('unlisten', { address: String(addresses[0]) })
    expect(holder.state().node.listening).toEqual([])
    const opened = holder.events.filter(({ type }) => type === 'listen:opened')
    expect(opened).toHaveLength(2)
  })

  it('by hanging up on the relay is not asked for again', async () => {
    const clock = new ManualClock()
    const server = relay()
    const holder = watchNode({ listen: [] }, clock)
    const { peerId } = await holder.port.request('reserve', { relay: await server.address() })
    await holder.port.request('hangUp', { peerId })
    expect((await holder.heard('relay:lost')).reason).toBe('You hung up')
    await clock.advanceAsync(60_000, 1_000)
    expect(holder.events.filter(({ type }) => type === 'dial:started')).toHaveLength(1)
  })
})

describe('a reservation that is lost', () => {
  /** A relay that can come back as it was. */
  async function fixedRelay() {
    const first = relay()
    const port = /\/tcp\/(\d+)/.exec(await first.address())?.[1]
    await first.port.stop()
    const options = {
      relayServer: DEFAULT_RELAY_SERVER,
      listen: [`/ip4/127.0.0.1/tcp/${port}`],
      ephemeral: false,
      dataDir: await scratchDirectory(),
    }
    return () => watchNode(options)
  }

  it('with its relay is made again when that is back', async () => {
    const clock = new ManualClock(Date.now())
    const start = await fixedRelay()
    const before = start()
    const holder = watchNode({ listen: [] }, clock)
    const { peerId, addresses } = await holder.port.request('reserve', { relay: await before.address() })
    await before.port.stop()
    expect(await holder.heard('relay:lost')).toMatchObject({ peerId })
    expect(await holder.heard('relay:awaited')).toMatchObject({ peerId, attempts: 0, nextInMs: 2_000 })
    await clock.advanceAsync(2_000)
    // Nobody is there yet: it is asked again later.
    expect((await holder.heard('relay:failed')).peerId).toBe(peerId)
    const after = start()
    await after.address()
    await clock.advanceAsync(4_000)
    const lost = await holder.heard('relay:lost')
    expect(await holder.heard('relay:reserved', ({ seq }) => seq > lost.seq)).toMatchObject({ addresses })
    expect((await after.heard('relay:granted')).peerId).toBe(await holder.peerId())
    await holder.heard('listen:opened', ({ seq }) => seq > lost.seq)
    expect(holder.state().awaited.size).toBe(0)
    expect(holder.state().node.listening).toEqual(addresses)
  })

  it.each(['hangUp', 'forget'] as const)('is not asked for again after %s', async verb => {
    const clock = new ManualClock(Date.now())
    const start = await fixedRelay()
    const server = start()
    const holder = watchNode({ listen: [] }, clock)
    const { peerId } = await holder.port.request('reserve', { relay: await server.address() })
    await server.port.stop()
    await holder.heard('relay:lost')
    await holder.heard('connection:closed')
    await holder.port.request(verb, { peerId })
    expect(await holder.heard('relay:unwanted')).toMatchObject({ peerId })
    expect(holder.state().awaited.size).toBe(0)
    await clock.advanceAsync(60_000, 1_000)
    expect(holder.events.filter(({ type }) => type === 'dial:started')).toHaveLength(1)
  })

  it('is nothing that the next run begins with unasked', async () => {
    const server = relay()
    const profile = { listen: [], ephemeral: false, dataDir: await scratchDirectory() }
    const first = watchNode(profile)
    await first.port.request('reserve', { relay: await server.address() })
    await first.port.stop()
    const gone = await server.heard('connection:closed')
    const second = watchNode(profile)
    await second.heard('node:started')
    // Whatever it dials by itself at the start comes before this.
    await second.port.request('dial', { target: await server.address() })
    expect(
      server.events.filter(({ type, seq }) => type === 'connection:opened' && seq > gone.seq),
    ).toHaveLength(1)
    expect(second.events.filter(({ type }) => type === 'relay:reserved')).toEqual([])
  })
})

describe('a peer that is only known behind a relay', () => {
  it('is dialed by its Peer ID alone', async () => {
    const server = relay()
    const holder = watchNode({ listen: [] })
    const { addresses } = await holder.port.request('reserve', { relay: await server.address() })
    const profile = { listen: [], ephemeral: false, dataDir: await scratchDirectory() }
    const first = watchNode(profile)
    await first.port.request('dial', { target: String(addresses[0]) })
    await first.heard(
      'peer:identified',
      ({ agentVersion, peerId }) => peerId !== '' && agentVersion !== undefined,
    )
    await first.port.stop()
    // In the next run nothing of relays is loaded yet.
    const second = watchNode(profile)
    const peerId = await holder.peerId()
    await second.heard('peer:discovered', event => event.peerId === peerId)
    const dialed = await second.port.request('dial', { target: peerId })
    expect(dialed.address).toContain('/p2p-circuit')
    await second.port.request('ping', { peerId })
  })
})
