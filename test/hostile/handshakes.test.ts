import type { Socket } from 'node:net'
import { quic } from '@chainsafe/libp2p-quic'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/node/options.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import { MULTISTREAM, negotiation, openSocket } from '../support/peers/raw-peer.ts'
import { stallOverQuic } from '../support/peers/stalled-quic.ts'
import { until } from '../support/peers/until.ts'
import { type WatchedNode, watchNode } from '../support/watched-node.ts'

/** How long a handshake may take, in ms (libp2p's `inboundUpgradeTimeout`), and as much again on a machine that is busy. */
const DEADLINE_MS = 10_000
const AT_THE_LATEST_MS = 2 * DEADLINE_MS

/** The first bytes of a TLS 1.3 ClientHello that says it is 512 bytes long. */
const HALF_CLIENT_HELLO = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])
/** The first bytes of a noise message that says it is 65,535 bytes long. */
const HALF_NOISE = Buffer.from([0xff, 0xff, 1, 2, 3])

/** How far strangers come before they stall. */
const STAGES: Readonly<Record<string, readonly Uint8Array[]>> = {
  silent: [],
  'in the middle of a negotiation': [negotiation(MULTISTREAM).subarray(0, 7)],
  'before noise': [negotiation(MULTISTREAM, '/noise')],
  'within noise': [negotiation(MULTISTREAM, '/noise'), HALF_NOISE],
  'before TLS': [negotiation(MULTISTREAM, '/tls/1.0.0')],
  'within TLS': [negotiation(MULTISTREAM, '/tls/1.0.0'), HALF_CLIENT_HELLO],
}

/** Opens a connection that says this much. Returns when it was closed, as ms from now; -1: it was still open. */
async function stall(
  address: string,
  said: readonly Uint8Array[],
  drip?: (socket: Socket) => void,
): Promise<number> {
  const socket = await openSocket(address)
  const since = performance.now()
  socket.resume()
  for (const bytes of said) socket.write(bytes)
  const timer = drip && setInterval(() => drip(socket), 500)
  const took = await new Promise<number>(resolve => {
    socket.once('close', () => resolve(performance.now() - since))
    AbortSignal.timeout(AT_THE_LATEST_MS).addEventListener('abort', () => resolve(-1))
  })
  clearInterval(timer)
  socket.destroy()
  return took
}

/** Handshakes of others that the node counts as under way. */
const pending = (node: WatchedNode): number => node.state().limits?.used.pending ?? 0

it('a handshake that stalls is closed at the deadline, at whatever stage, and leaves nothing behind', async () => {
  const node = watchNode()
  const address = await node.address()
  // One byte of a long message every half a second: no silence, and no handshake either.
  const drip = stall(address, STAGES['within noise'] ?? [], socket => void socket.write(Uint8Array.of(0)))
  const stalls = Object.values(STAGES).map(said => stall(address, said))
  await until(() => pending(node) > 0)
  for (const took of await Promise.all([drip, ...stalls])) {
    expect(took).toBeGreaterThan(0)
    expect(took).toBeLessThan(AT_THE_LATEST_MS)
  }
  await until(() => pending(node) === 0)
  expect(node.state().connections.size).toBe(0)
  // Whoever does shake hands is let in.
  const honest = await startPeer({ listen: [] })
  onTestFinished(() => stopPeers([honest]))
  await honest.dial(multiaddr(address))
  await node.heard('connection:opened')
})

describe('handshakes over QUIC that stall after one packet', () => {
  const PENDING = 8

  async function nodeAndStranger() {
    const node = watchNode({
      listen: ['/ip4/127.0.0.1/udp/0/quic-v1'],
      limits: { ...DEFAULT_LIMITS, pending: PENDING },
    })
    const honest = await startPeer({ listen: [], transports: [quic()] })
    onTestFinished(() => stopPeers([honest]))
    return { node, honest, address: await node.address() }
  }

  it('leave the places beside them to others', async () => {
    const { node, honest, address } = await nodeAndStranger()
    const stalled = await stallOverQuic(address, PENDING - 1)
    await Promise.all(stalled.map(({ passed }) => passed))
    await honest.dial(multiaddr(address))
    await node.heard('connection:opened')
    expect(node.state().connections.size).toBe(1)
  })

  it('give their places back when their time is up', async () => {
    const { node, honest, address } = await nodeAndStranger()
    const stalled = await stallOverQuic(address, PENDING)
    await Promise.all(stalled.map(({ answered }) => answered))
    // A dial of its own gives up before they do.
    while (honest.getConnections().length === 0) await honest.dial(multiaddr(address)).catch(() => {})
    await node.heard('connection:opened')
  })
})
