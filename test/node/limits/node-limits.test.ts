import { connect } from 'node:net'
import { quic } from '@chainsafe/libp2p-quic'
import type { Libp2p } from '@libp2p/interface'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Limits } from '../../../src/core/limit-terms.ts'
import { DEFAULT_LIMITS } from '../../../src/node/options.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { startSilentServer } from '../../support/peers/servers.ts'
import { until } from '../../support/peers/until.ts'
import { type WatchedNode, watchNode } from '../../support/watched-node.ts'

const node = (limits: Partial<Limits>) => watchNode({ limits: { ...DEFAULT_LIMITS, ...limits } })

async function guests(count: number): Promise<Libp2p[]> {
  const peers = await Promise.all(Array.from({ length: count }, () => startPeer()))
  onTestFinished(() => stopPeers(peers))
  return peers
}

/** @returns how many got in */
async function visit(watched: WatchedNode, peers: readonly Libp2p[]): Promise<number> {
  const address = multiaddr(await watched.address())
  const dials = await Promise.allSettled(peers.map(peer => peer.dial(address)))
  return dials.filter(({ status }) => status === 'fulfilled').length
}

const refusedBy = (watched: WatchedNode) => watched.state().limits?.refused

describe('limits of a node', () => {
  it('are told at its start, and are part of its state', async () => {
    const watched = node({ connections: 50 })
    const set = await watched.heard('limits:set')
    expect(set).toMatchObject({ connections: 50, inbound: 45, pending: DEFAULT_LIMITS.pending })
    expect(watched.state().limits).toMatchObject({ most: { connections: 50 }, inbound: 45, refused: {} })
  })

  it('of connections refuse others, and leave room for a dial of our own', async () => {
    const watched = node({ connections: 4 })
    const peers = await guests(5)
    expect(await visit(watched, peers)).toBe(3)
    const refused = await watched.heard('connection:refused')
    expect(refused).toMatchObject({ direction: 'inbound', limit: 'connections' })
    expect(refused.reason).toBe(
      'The limit of 4 connections, 3 of them for others, is reached (--max-connections)',
    )
    const [friend] = await guests(1)
    const { peerId } = await watched.port.request('dial', { target: String(friend?.getMultiaddrs()[0]) })
    expect((await watched.port.request('ping', { peerId })).rttMs).toBeGreaterThan(0)
    expect(watched.state().connections.size).toBe(4)
    expect(watched.events.filter(({ type }) => type === 'connection:closed')).toEqual([])
  })

  it.each([
    ['perHost', 'The limit of 2 connections of one host is reached (--max-per-host)'],
    ['hostRate', 'The limit of 2 connections a second from one host is reached (--max-host-rate)'],
  ] as const)('%s are for one host', async (limit, reason) => {
    const watched = node({ [limit]: 2 })
    expect(await visit(watched, await guests(3))).toBe(2)
    expect(await watched.heard('connection:refused')).toMatchObject({ limit, reason })
    expect(refusedBy(watched)).toEqual({ [limit]: 1 })
  })

  it('of handshakes are told with how many there were, and what goes on shows in the use', async () => {
    const watched = node({ pending: 1 })
    const { host, port } = place(await watched.address())
    for (let n = 0; n < 4; n += 1) {
      const socket = connect({ host, port }).on('error', () => {})
      onTestFinished(() => void socket.destroy())
    }
    const reason = 'The limit of 1 handshakes at once is reached (--max-pending)'
    await watched.heard(
      'connection:refused',
      refused => refused.limit === 'pending' && refused.reason === reason,
    )
    await watched.heard('limits:sampled', ({ pending }) => pending === 1)
    // It has no connection, and an account.
    const { accounts } = await watched.port.request('accounts', {})
    expect(accounts).toMatchObject([{ kind: 'host', host, sockets: 1, streams: 0 }])
    await watched.heard('connection:refused', ({ count = 1 }) => count === 2)
    expect(refusedBy(watched)).toEqual({ pending: 3 })
  })

  it('of dials refuse one more, naming the limit in its answer too', async () => {
    const watched = node({ dials: 1 })
    await watched.heard('limits:set')
    const silent = await Promise.all(Array.from({ length: 6 }, startSilentServer))
    onTestFinished(async () => void (await Promise.all(silent.map(server => server.close()))))
    const answers = silent.map(({ address }) =>
      watched.port.request('dial', { target: address }).catch(error => error),
    )
    const refused = await watched.heard('connection:refused')
    expect(refused).toMatchObject({ direction: 'outbound', limit: 'dials' })
    const failed = await watched.heard('dial:failed')
    expect(failed).toMatchObject({
      stage: 'queue',
      cause: 'The limit of 1 dials at once is reached (--max-dials)',
      hint: 'Wait until some have ended, or start with a higher --max-dials',
    })
    expect(failed.requestId).toBe(refused.requestId)
    await watched.port.stop()
    await Promise.all(answers)
  })

  it('of streams refuse those that a peer opens beyond them', async () => {
    const watched = node({ streams: 8 })
    const [guest] = await guests(1)
    const connection = await guest?.dial(multiaddr(await watched.address()))
    await watched.heard('peer:identified')
    const streams = Array.from({ length: 12 }, () =>
      connection?.newStream('/ipfs/ping/1.0.0', { maxOutboundStreams: 100 }).catch(() => undefined),
    )
    const refused = await watched.heard('stream:refused')
    expect(refused).toMatchObject({
      limit: 'streams',
      peerId: guest?.peerId.toString(),
      connectionId: (await watched.heard('connection:opened')).connectionId,
      reason: 'The limit of 8 streams opened by one peer is reached (--max-streams)',
    })
    await Promise.all(streams)
  })

  it('that are nearly used up are warned of, until there is room again', async () => {
    const watched = node({ connections: 4 })
    const peers = await guests(3)
    await visit(watched, peers)
    const warning = await watched.heard('warning:raised', ({ topic }) => topic === 'limits')
    expect(warning.cause).toBe('Others have 3 of their 3 connections; more are refused')
    expect(warning.hint).toContain('--max-connections')
    await stopPeers(peers)
    await watched.heard('warning:cleared', ({ topic }) => topic === 'limits')
  })
})

describe('the place of a connection that has ended', () => {
  it.each([
    ['TCP', '/ip4/127.0.0.1/tcp/0', []],
    ['WebSocket', '/ip4/127.0.0.1/tcp/0/ws', [webSockets()]],
    ['QUIC', '/ip4/127.0.0.1/udp/0/quic-v1', [quic()]],
  ])("is the next one's: %s", async (_, listen, transports) => {
    const watched = watchNode({ listen: [listen], limits: { ...DEFAULT_LIMITS, connections: 2 } })
    const address = multiaddr(await watched.address())
    const [first, second, third] = await Promise.all(
      [1, 2, 3].map(() => startPeer({ transports, listen: [] })),
    )
    if (!first || !second || !third) throw new Error('nobody there')
    onTestFinished(() => stopPeers([first, second, third]))
    await first.dial(address)
    await watched.heard('connection:opened')
    // Over QUIC the dial succeeds before the other side refuses.
    void second.dial(address).catch(() => undefined)
    await watched.heard('connection:refused', ({ limit }) => limit === 'connections')
    await Promise.all(first.getConnections().map(connection => connection.close()))
    await watched.heard('connection:closed')
    await third.dial(address)
    const peerId = third.peerId.toString()
    await watched.heard('connection:opened', event => event.peerId === peerId)
  })
})

describe('dials of ours beyond the limit', () => {
  it('close the newest of the idle connections of others, never one that is wanted', async () => {
    const watched = node({ connections: 4 })
    const others = await guests(3)
    await visit(watched, others)
    const friends = await guests(3)
    for (const friend of friends) {
      await watched.port.request('dial', { target: addressOf(friend).toString() })
    }
    await until(() => watched.state().connections.size === 4)
    const pruned = watched.events.filter(event => event.type === 'connection:pruned')
    expect(pruned).toHaveLength(2)
    const open = watched.state().connections
    for (const { reason, connectionId } of pruned) {
      expect(reason).toContain('The limit of 4 connections')
      expect(open.has(connectionId)).toBe(false)
      const closed = await watched.heard('connection:closed', event => event.connectionId === connectionId)
      expect(closed.reason).toBe(reason)
    }
    const there = new Set([...open.values()].map(({ peerId }) => String(peerId)))
    for (const friend of friends) expect(there).toContain(friend.peerId.toString())
  })
})

function place(address: string): { host: string; port: number } {
  const [, , host = '', , port] = address.split('/')
  return { host, port: Number(port) }
}
