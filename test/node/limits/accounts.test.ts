import type { Socket } from 'node:net'
import type { Connection, MultiaddrConnection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import type { AccountKind } from '../../../src/core/limit-terms.ts'
import { type SafeText, say } from '../../../src/core/safe-text.ts'
import { Accounts, type AccountsOptions } from '../../../src/node/limits/accounts.ts'
import { bufferedOf, bufferedOnStream } from '../../../src/node/limits/buffered.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { OPEN_DOOR } from '../../../src/node/transport/door.ts'
import { webSocketTransport } from '../../../src/node/transport/kinds.ts'
import { lazyTransport } from '../../../src/node/transport/lazy-transport.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { frameHead } from '../../support/peers/raw-sockets.ts'
import { insidesOfConnection } from '../../support/peers/unnegotiated.ts'
import { turns } from '../../support/peers/until.ts'
import { watchNode } from '../../support/watched-node.ts'

const MB = 1 << 20
const LIMITS = { perHost: 10, streams: 20, hostStreams: 20, buffered: 10 * MB, allBuffered: 25 * MB }

const accountsOf = (options: Partial<AccountsOptions> = {}) =>
  new Accounts({ clock: new ManualClock(), most: LIMITS, handshakes: () => [], ...options })

/** An event that costs nothing. */
const refused = (whose: { peerId?: SafeText; connectionId?: SafeText }): NewEvent => ({
  type: 'stream:refused',
  limit: 'streams',
  reason: say`full`,
  ...whose,
})

const streams = (count: number, buffered = 0): Partial<Stream>[] =>
  Array.from({ length: count }, () => ({
    protocol: '/test/1',
    readBufferLength: buffered,
    writeBufferLength: 0,
  })) as unknown as Partial<Stream>[]

/** A connection of a peer, with bytes that wait on its raw connection and in the buffer of its socket. */
function connectionOf(
  id: string,
  host: string,
  { waiting = 0, unsent = 0, open = streams(0), peer = `peer-${id}` } = {},
) {
  const connection = {
    id,
    remotePeer: peer,
    remoteAddr: multiaddr(`/ip4/${host}/tcp/1`),
    direct: true,
    streams: open,
  } as unknown as Connection
  const raw = {
    writeBufferLength: waiting,
    socket: { writableLength: unsent },
  } as unknown as MultiaddrConnection
  return [connection, raw] as const
}

describe('accounts', () => {
  it('add up what each connection, peer, host and protocol has', () => {
    const clock = new ManualClock()
    const accounts = accountsOf({
      clock,
      handshakes: () => [
        ['192.0.2.3', 4],
        ['192.0.2.1', 2],
      ],
    })
    accounts.opened(...connectionOf('a', '192.0.2.1', { waiting: 100, unsent: 20, open: streams(2, 5) }))
    accounts.opened(...connectionOf('b', '192.0.2.1', { open: streams(1), peer: 'peer-a' }))
    accounts.opened(...connectionOf('c', '192.0.2.2'))
    for (let n = 0; n < 5; n += 1) accounts.heard(refused({ connectionId: say`a` }))
    accounts.heard({ type: 'ping:answered', peerId: say`peer-a`, connectionId: say`b` })
    // Of a peer alone: its oldest connection. Of a stranger: nobody.
    accounts.heard(refused({ peerId: say`peer-a` }))
    accounts.heard(refused({ peerId: say`stranger` }))
    const named = (kind: AccountKind, name: string) =>
      accounts.largest().find(account => account.kind === kind && Object.values(account).includes(name))
    expect(named('connection', 'a')).toEqual({
      kind: 'connection',
      connectionId: 'a',
      peerId: 'peer-a',
      host: '192.0.2.1',
      sockets: 1,
      streams: 2,
      bufferedBytes: 130,
      eventsPerSecond: 6,
    })
    expect(named('connection', 'b')).toMatchObject({ streams: 1, bufferedBytes: 0, eventsPerSecond: 1 })
    expect(named('peer', 'peer-a')).toEqual({
      kind: 'peer',
      peerId: 'peer-a',
      host: '192.0.2.1',
      sockets: 2,
      streams: 3,
      bufferedBytes: 130,
      eventsPerSecond: 7,
    })
    expect(named('host', '192.0.2.1')).toEqual({
      kind: 'host',
      host: '192.0.2.1',
      sockets: 4,
      streams: 3,
      bufferedBytes: 130,
      eventsPerSecond: 7,
    })
    expect(named('host', '192.0.2.3')).toMatchObject({ sockets: 4, streams: 0 })
    expect(named('protocol', '/test/1')).toEqual({
      kind: 'protocol',
      protocol: '/test/1',
      sockets: 2,
      streams: 3,
      bufferedBytes: 10,
      eventsPerSecond: 0,
    })
    expect(named('protocol', '/ipfs/ping/1.0.0')).toMatchObject({ streams: 0, eventsPerSecond: 1 })
    // What has closed is gone, and its peer has what is left.
    accounts.closed('a')
    expect(named('connection', 'a')).toBeUndefined()
    expect(named('peer', 'peer-a')).toMatchObject({ sockets: 1, streams: 1, bufferedBytes: 0 })
    accounts.heard(refused({ peerId: say`peer-a` }))
    expect(named('connection', 'b')).toMatchObject({ eventsPerSecond: 2 })
  })

  it('say how much those have who have most', () => {
    const accounts = accountsOf()
    accounts.opened(...connectionOf('a', '192.0.2.1', { waiting: 100, unsent: 20, open: streams(2, 5) }))
    accounts.opened(...connectionOf('b', '192.0.2.1', { open: streams(1) }))
    accounts.opened(...connectionOf('c', '192.0.2.2', { unsent: 7 }))
    expect(accounts.sample()).toEqual({
      streams: 0,
      hostStreams: 3,
      buffered: 130,
      allBuffered: 137,
      overdrawn: [],
    })
    accounts.closed('a')
    expect(accounts.sample()).toMatchObject({ hostStreams: 1, buffered: 7, allBuffered: 7 })
  })

  it('count the streams that the other side opened, also those that have not agreed on a protocol', () => {
    const accounts = accountsOf()
    const opened = (direction: Stream['direction'], count: number) =>
      streams(count).map(stream => ({ ...stream, protocol: '', direction }))
    accounts.opened(
      ...connectionOf('a', '192.0.2.1', { open: [...opened('inbound', 5), ...opened('outbound', 9)] }),
    )
    accounts.opened(...connectionOf('b', '192.0.2.1', { open: opened('inbound', 7) }))
    expect(accounts.sample().streams).toBe(7)
  })

  it('know whether a peer has a connection beside one', () => {
    const accounts = accountsOf()
    accounts.opened(...connectionOf('a', '192.0.2.1', { peer: 'peer-a' }))
    expect(accounts.isConnected('peer-a', undefined)).toBe(true)
    expect(accounts.isConnected('peer-a', 'a')).toBe(false)
    accounts.opened(...connectionOf('b', '192.0.2.1', { peer: 'peer-a' }))
    expect(accounts.isConnected('peer-a', 'a')).toBe(true)
    expect(accounts.isConnected('peer-b', undefined)).toBe(false)
  })

  it('know whose a connection is, and where its peer is by the oldest that is open', () => {
    const accounts = accountsOf()
    accounts.opened(...connectionOf('a', '192.0.2.1', { peer: 'peer-a' }))
    accounts.opened(...connectionOf('b', '192.0.2.2', { peer: 'peer-a' }))
    expect(accounts.ownerOf('b')).toMatchObject({ peerId: 'peer-a', host: '192.0.2.2' })
    expect(accounts.hostOfPeer('peer-a')).toBe('192.0.2.1')
    accounts.closed('a')
    expect(accounts.hostOfPeer('peer-a')).toBe('192.0.2.2')
    accounts.closed('b')
    expect(accounts.hostOfPeer('peer-a')).toBeUndefined()
  })

  it('name the connection on which more waits than may', () => {
    const accounts = accountsOf()
    accounts.opened(...connectionOf('a', '192.0.2.1', { waiting: 10 * MB }))
    accounts.opened(...connectionOf('b', '192.0.2.1', { unsent: 10 * MB + 1 }))
    const over = accounts.sample().overdrawn.map(({ connectionId, limit }) => [connectionId, limit])
    expect(over).toEqual([['b', 'buffered']])
  })

  it('name the largest first where all together have too much, and no more than it takes', () => {
    const accounts = accountsOf()
    for (const [id, waiting] of [
      ['small', 6],
      ['large', 9],
      ['middle', 8],
      ['other', 7],
    ] as const) {
      accounts.opened(...connectionOf(id, '192.0.2.1', { waiting: waiting * MB }))
    }
    const over = accounts.sample().overdrawn.map(({ connectionId, limit }) => [connectionId, limit])
    expect(over).toEqual([['large', 'allBuffered']])
  })

  it('name the connections with most streams of a host that has too many', () => {
    const accounts = accountsOf()
    accounts.opened(...connectionOf('a', '192.0.2.1', { open: streams(12) }))
    accounts.opened(...connectionOf('b', '192.0.2.1', { open: streams(9) }))
    accounts.opened(...connectionOf('c', '192.0.2.2', { open: streams(20) }))
    const over = accounts.sample().overdrawn.map(({ connectionId, limit }) => [connectionId, limit])
    expect(over).toEqual([['a', 'hostStreams']])
  })
})

describe('the buffers of libp2p', () => {
  it('are where they are looked for: what nobody reads is seen on the streams of both sides', async () => {
    const tap = new TrafficTap({ streamOpened: () => [] })
    const [left, right] = [await startPeer({ listen: [], metrics: tap.metrics }), await startPeer()]
    onTestFinished(() => stopPeers([left, right]))
    const arrived: Stream[] = []
    await right.handle('/unread/1', stream => {
      stream.pause()
      arrived.push(stream)
    })
    const connection = await left.dial(addressOf(right))
    const stream = await connection.newStream('/unread/1')
    // More than the window of one stream: the rest waits here.
    for (let n = 0; n < 32; n += 1) stream.send(new Uint8Array(64 * 1024))
    while ((arrived[0]?.readBufferLength ?? 0) < 200 * 1024) await turns(5)
    expect(bufferedOnStream(stream)).toBeGreaterThan(MB)
    const [other] = arrived
    if (other === undefined) throw new Error('no stream')
    expect(bufferedOnStream(other)).toBeGreaterThan(200 * 1024)
    const raw = tap.rawOf(connection.timeline)
    expect(raw).toHaveProperty('socket.writableLength')
    expect(connection).toHaveProperty('muxer.maConn.writeBufferLength')
    expect(bufferedOf(connection, raw)).toBeGreaterThanOrEqual(0)
  })
})

describe('the accounts of a node', () => {
  it('have first the peer that opens many streams and lets what is sent to it wait', async () => {
    const watched = watchNode()
    const address = multiaddr(await watched.address())
    const [greedy, modest] = await Promise.all([
      startPeer({ listen: [], ping: false }),
      startPeer({ listen: [], from: '127.0.0.7' }),
    ])
    onTestFinished(() => stopPeers([greedy, modest]))
    await modest.dial(address)
    const connection = await greedy.dial(address)
    const peerId = greedy.peerId.toString()
    await watched.heard('peer:identified', event => event.peerId === peerId)
    await watched.heard('peer:identified', event => event.peerId === modest.peerId.toString())
    const before = await watched.port.request('accounts', {})
    expect(before.accounts.filter(({ kind }) => kind === 'host')).toHaveLength(2)
    // What is sent on a stream of ping comes back, and waits once its window (yamux) is used up and not opened again.
    const streams = await Promise.all(
      Array.from({ length: 8 }, () => connection.newStream('/ipfs/ping/1.0.0', { maxOutboundStreams: 100 })),
    )
    for (const stream of streams) Object.assign(stream, { sendWindowUpdate: () => {} })
    for (let n = 0; n < 64; n += 1) streams[0]?.send(new Uint8Array(64 * 1024))
    const { connectionId } = await watched.heard('connection:opened', event => event.peerId === peerId)
    const first = async (kind: AccountKind) => {
      const { accounts } = await watched.port.request('accounts', {})
      return accounts.find(account => account.kind === kind)
    }
    let ping = await first('protocol')
    while ((ping?.streams ?? 0) < 8 || (ping?.bufferedBytes ?? 0) < 2 * MB) {
      await turns(5)
      ping = await first('protocol')
    }
    expect(ping).toMatchObject({ protocol: '/ipfs/ping/1.0.0', sockets: 1, streams: 8 })
    for (const kind of ['connection', 'peer', 'host'] as const) {
      const account = await first(kind)
      expect(account).toMatchObject({ host: '127.0.0.1', sockets: 1 })
      expect(account?.streams).toBeGreaterThanOrEqual(8)
      expect(account?.bufferedBytes).toBeGreaterThanOrEqual(2 * MB)
    }
    expect(await first('peer')).toMatchObject({ peerId })
    expect(await first('connection')).toMatchObject({ peerId, connectionId })
  })

  it.each([
    ['a frame', [frameHead(MB), Buffer.alloc(600 * 1024)]],
    // Without the bit that ends a message.
    ['a message of several frames', [unended(frameHead(600 * 1024)), Buffer.alloc(600 * 1024)]],
  ])('have what a WebSocket has begun to send: %s that is not whole', async (_, pieces) => {
    const watched = watchNode({ listen: ['/ip4/127.0.0.1/tcp/0/ws'] })
    const transports = [lazyTransport(webSocketTransport(OPEN_DOOR, { lookupFor: () => undefined }))]
    const peer = await startPeer({ listen: [], transports })
    onTestFinished(() => stopPeers([peer]))
    const connection = await peer.dial(multiaddr(await watched.address()))
    await watched.heard('peer:identified')
    const { socket } = insidesOfConnection(connection).maConn as unknown as { socket: Socket }
    socket.write(Buffer.concat(pieces))
    let waiting = 0
    while (waiting < 600 * 1024) {
      await turns(5)
      const { accounts } = await watched.port.request('accounts', {})
      waiting = accounts.find(({ kind }) => kind === 'connection')?.bufferedBytes ?? 0
    }
  })
})

/** The head of a frame after which its message goes on. */
function unended(head: Buffer): Buffer {
  head[0] = 0x02
  return head
}
