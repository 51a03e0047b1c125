/** Strangers who open sockets and say nothing, little, or too much, before anybody knows who they are. */
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { HANDSHAKE_MS } from '../../src/node/limits/accept-gate.ts'
import { DEFAULT_LIMITS } from '../../src/node/options.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import {
  frameHead,
  multistream,
  openRaw,
  type RawSocket,
  WEB_SOCKET_REQUEST,
} from '../support/peers/raw-sockets.ts'
import { until } from '../support/peers/until.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { type WatchedNode, watchNode } from '../support/watched-node.ts'

const LISTENERS = [
  ['TCP', async () => '/ip4/127.0.0.1/tcp/0'],
  ['WebSocket', async () => '/ip4/127.0.0.1/tcp/0/ws'],
  ['a Unix socket', async () => `/unix/${encodeURIComponent(join(await scratchDirectory(), 'node'))}`],
] as const

const ATTACKER = '127.0.0.66'

/** Somebody honest on a host of its own dials. @returns whether it got in */
async function newcomer(node: WatchedNode, from: string): Promise<boolean> {
  const peer = await startPeer({ listen: [], from, addressDialTimeout: PATIENCE_MS })
  onTestFinished(() => stopPeers([peer]))
  const dial = peer.dial(multiaddr(await node.address()), { signal: AbortSignal.timeout(PATIENCE_MS) })
  return dial.then(
    () => true,
    () => false,
  )
}

const crowd = async (node: WatchedNode, count: number, from = ATTACKER): Promise<RawSocket[]> => {
  const address = await node.address()
  return Promise.all(Array.from({ length: count }, () => openRaw(address, from)))
}

/** How many of some sockets are open still, once those are gone that go at once. */
const open = (sockets: readonly RawSocket[]) => sockets.filter(({ socket }) => !socket.closed).length

describe.each(LISTENERS)('silent sockets over %s', (_, listen) => {
  it('have no more than the share of one host, from accept on, and are told with how many there were', async () => {
    const node = watchNode({ listen: [await listen()], limits: { ...DEFAULT_LIMITS, hostRate: 1_000 } })
    const sockets = await crowd(node, 390)
    await until(() => open(sockets) === 100)
    const { reason } = await node.heard('connection:refused', ({ limit }) => limit === 'hostPending')
    expect(reason).toContain('Too many handshakes at once from one host: the limit is 100')
    await node.heard('limits:sampled', ({ pending, hostPending }) => pending === 100 && hostPending === 100)
    await until(() => node.state().limits?.refused.hostPending === 290)
    const { offenders } = await node.heard('limits:offenders', event => event.offenders[0]?.count === 290)
    expect(offenders).toHaveLength(1)
    const warning = await node.heard('warning:raised', ({ topic }) => topic === 'offenders')
    expect(warning.cause).toMatch(
      /^(127\.0\.0\.66|several hosts): \d+\/s refused, too many handshakes \(host-pending\)/,
    )
    expect(warning.hint).toMatch(/^(block 127\.0\.0\.66 in your firewall|limits shows who has most)/)
  })

  it('are closed when their time for a handshake is up, and told', async () => {
    const clock = new ManualClock()
    const node = watchNode({ listen: [await listen()] }, clock)
    const sockets = await crowd(node, 20)
    const dialed = await openRaw(await node.address(), ATTACKER)
    // It has been accepted once it is spoken to.
    dialed.socket.write(WEB_SOCKET_REQUEST)
    await until(() => dialed.said() !== '' || dialed.socket.closed)
    clock.advance(HANDSHAKE_MS)
    await Promise.all(sockets.map(({ closed }) => closed))
    await node.heard('connection:refused', ({ reason }) =>
      reason.startsWith('It did not complete the handshake in 10 s'),
    )
  })
})

describe('390 idle sockets from one host', () => {
  it('leave newcomers from elsewhere their place: all of them get in', async () => {
    // It stands still: no idle socket loses its place.
    const node = watchNode({ limits: { ...DEFAULT_LIMITS, hostRate: 1_000 } }, new ManualClock())
    const sockets = await crowd(node, 390)
    await until(() => open(sockets) === 100)
    let welcome = 0
    for (let n = 0; n < 20; n += 1) if (await newcomer(node, `127.0.1.${n}`)) welcome += 1
    expect(welcome).toBe(20)
    expect((await node.heard('connection:opened')).address).toContain('/ip4/127.0.1.')
  })

  it('from each of eight hosts do not either: whoever has most makes way', async () => {
    const node = watchNode({ limits: { ...DEFAULT_LIMITS, hostRate: 1_000, pending: 80 } }, new ManualClock())
    for (let host = 0; host < 8; host += 1) await crowd(node, 40, `127.0.2.${host}`)
    let welcome = 0
    for (let n = 0; n < 5; n += 1) if (await newcomer(node, `127.0.1.${n}`)) welcome += 1
    expect(welcome).toBe(5)
  })
})

describe('a WebSocket that is not finished', () => {
  const node = (clock?: ManualClock) => watchNode({ listen: ['/ip4/127.0.0.1/tcp/0/ws'] }, clock)

  it('of 95 MiB is cut off at its head: nothing of it is kept', async () => {
    const watched = node()
    const sockets = await crowd(watched, 12)
    for (const { socket } of sockets) socket.write(WEB_SOCKET_REQUEST)
    await until(() => sockets.every(({ said }) => said().includes('101 Switching Protocols')))
    for (const { socket } of sockets) socket.write(frameHead(95 << 20))
    await Promise.all(sockets.map(({ closed }) => closed))
    // A closing frame with 1009, "message too big" (RFC 6455, section 7.4.1): it is not its time that was up.
    for (const { said } of sockets) expect(said()).toContain('\x88\x02\x03\xf1')
  })

  it.each([
    ['after half of a request', WEB_SOCKET_REQUEST.slice(0, 40)],
    ['after its first byte', 'G'],
    ['after the WebSocket is open', WEB_SOCKET_REQUEST],
    ['in the middle of a frame', Buffer.concat([Buffer.from(WEB_SOCKET_REQUEST), frameHead(1_000)])],
    ['after a request that is none', 'GET / HTTP/1.1\r\nHost: node.example\r\n\r\n'],
    ['with TLS', '\x16\x03\x01'],
  ])('%s is closed when its time is up', async (_, words) => {
    const clock = new ManualClock()
    const watched = node(clock)
    const { socket, closed } = await openRaw(await watched.address(), ATTACKER)
    socket.write(words)
    // Another one, whose answer shows that what came before has been read.
    const witness = await openRaw(await watched.address(), ATTACKER)
    witness.socket.write(WEB_SOCKET_REQUEST)
    await until(() => witness.said() !== '')
    clock.advance(HANDSHAKE_MS)
    await closed
    await witness.closed
  })
})

describe.each([
  ['nothing', []],
  ['multistream-select alone', [multistream('/multistream/1.0.0')]],
  ['noise and no word of it', [multistream('/multistream/1.0.0', '/noise')]],
  ['TLS and no word of it', [multistream('/multistream/1.0.0', '/tls/1.0.0')]],
  [
    'half of a hello of TLS',
    [multistream('/multistream/1.0.0', '/tls/1.0.0'), Buffer.from('\x16\x03\x01\x02\x00')],
  ],
])('a handshake over TCP that stalls after %s', (_, words) => {
  it('ends when its time is up, and leaves nothing', async () => {
    const clock = new ManualClock()
    const node = watchNode({}, clock)
    const { socket, closed, said } = await openRaw(await node.address(), ATTACKER)
    for (const word of words) socket.write(word)
    if (words.length > 0) await until(() => said().includes('/multistream/1.0.0'))
    else {
      const witness = await openRaw(await node.address(), ATTACKER)
      witness.socket.write(multistream('/multistream/1.0.0'))
      await until(() => witness.said() !== '')
    }
    clock.advance(HANDSHAKE_MS)
    await closed
    await clock.advanceAsync(2_000, 500)
    expect(node.state().limits?.used.pending).toBe(0)
  })
})
