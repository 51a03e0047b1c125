import type { Connection, MultiaddrConnection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Accounts } from '../../../src/node/limits/accounts.ts'
import { bufferedOf, bufferedOnStream } from '../../../src/node/limits/buffered.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { turns } from '../../support/peers/until.ts'

const MB = 1 << 20
const LIMITS = { hostStreams: 20, buffered: 10 * MB, allBuffered: 25 * MB }

const streams = (count: number, buffered = 0): Partial<Stream>[] =>
  Array.from({ length: count }, () => ({
    protocol: '/test/1',
    readBufferLength: buffered,
    writeBufferLength: 0,
  })) as unknown as Partial<Stream>[]

/** A connection of a peer, with bytes that wait on its raw connection and in the buffer of its socket. */
function connectionOf(id: string, host: string, { waiting = 0, unsent = 0, open = streams(0) } = {}) {
  const connection = {
    id,
    remotePeer: `peer-${id}`,
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
    const accounts = new Accounts(LIMITS)
    accounts.opened(...connectionOf('a', '192.0.2.1', { waiting: 100, unsent: 20, open: streams(2, 5) }))
    accounts.opened(...connectionOf('b', '192.0.2.1', { open: streams(1) }))
    accounts.opened(...connectionOf('c', '192.0.2.2'))
    for (let n = 0; n < 10; n += 1) accounts.event('a')
    const { total, hosts, peers, protocols, mostBuffered } = accounts.sample(2)
    expect(total).toEqual({ sockets: 3, streams: 3, bufferedBytes: 130, events: 5 })
    expect(hosts.get('192.0.2.1')).toEqual({ sockets: 2, streams: 3, bufferedBytes: 130, events: 5 })
    expect(peers.get('peer-b')).toEqual({ sockets: 1, streams: 1, bufferedBytes: 0, events: 0 })
    expect(protocols.get('/test/1')).toEqual({ sockets: 0, streams: 3, bufferedBytes: 10, events: 0 })
    expect(mostBuffered).toBe(130)
    // Events are those since the last look, and what has closed is gone.
    accounts.closed('a')
    expect(accounts.sample(1).total).toEqual({ sockets: 2, streams: 1, bufferedBytes: 0, events: 0 })
  })

  it('name the connection on which more waits than may', () => {
    const accounts = new Accounts(LIMITS)
    accounts.opened(...connectionOf('a', '192.0.2.1', { waiting: 10 * MB }))
    accounts.opened(...connectionOf('b', '192.0.2.1', { unsent: 10 * MB + 1 }))
    const over = accounts.sample(1).overdrawn.map(({ account, limit }) => [account.connectionId, limit])
    expect(over).toEqual([['b', 'buffered']])
  })

  it('name the largest first where all together have too much, and no more than it takes', () => {
    const accounts = new Accounts(LIMITS)
    for (const [id, waiting] of [
      ['small', 6],
      ['large', 9],
      ['middle', 8],
      ['other', 7],
    ] as const) {
      accounts.opened(...connectionOf(id, '192.0.2.1', { waiting: waiting * MB }))
    }
    const over = accounts.sample(1).overdrawn.map(({ account, limit }) => [account.connectionId, limit])
    expect(over).toEqual([['large', 'allBuffered']])
  })

  it('name the connections with most streams of a host that has too many', () => {
    const accounts = new Accounts(LIMITS)
    accounts.opened(...connectionOf('a', '192.0.2.1', { open: streams(12) }))
    accounts.opened(...connectionOf('b', '192.0.2.1', { open: streams(9) }))
    accounts.opened(...connectionOf('c', '192.0.2.2', { open: streams(20) }))
    const over = accounts.sample(1).overdrawn.map(({ account, limit }) => [account.connectionId, limit])
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
