/** Peers that have the node hold more for them than it may. */
import type { Connection } from '@libp2p/interface'
import { expect, it, onTestFinished } from 'vitest'
import { hostOf } from '../../src/node/limits/host.ts'
import { limitedNode } from '../support/limited-node.ts'
import { frames, MULTISTREAM, negotiation, RawPeer } from '../support/peers/raw-peer.ts'
import { until } from '../support/peers/until.ts'

const BULK = '/bulk/1.0.0'
const MB = 1 << 20
/** Little memory: 8 MB may wait on one connection, 32 MB on all. */
const SMALL = { memory: 1 }
const SAMPLE_MS = 1_000

type Node = Awaited<ReturnType<typeof limitedNode>>

/** Peers that ask for so many bytes each, in MB, and read none of them. */
async function askAndDoNotRead(node: Node, sizes: readonly number[]): Promise<Connection[]> {
  const asked: Connection[] = []
  await node.libp2p.handle(BULK, (stream, connection) => {
    stream.send(new Uint8Array((sizes[asked.length] ?? 0) * MB))
    asked.push(connection)
  })
  for (let at = 0; at < sizes.length; at += 1) {
    const peer = await RawPeer.dial(node.address, { from: `127.0.5.${at + 1}` })
    onTestFinished(() => peer.destroy())
    peer.pause()
    peer.send(frames.open(1), frames.data(1, negotiation(MULTISTREAM, BULK)))
    await until(() => asked.length > at)
  }
  return asked
}

const closedFor = ({ events }: Node) =>
  events.flatMap(event => (event.type === 'limit:exceeded' && event.action === 'closed' ? [event] : []))

it('a connection on which too much waits is closed, told with who it is, and others stay', async () => {
  const node = await limitedNode(SMALL)
  const [much, little] = await askAndDoNotRead(node, [9, 7])
  node.clock.advance(SAMPLE_MS)
  await until(() => node.libp2p.getConnections().length === 1)
  expect(node.libp2p.getConnections()).toEqual([little])
  expect(closedFor(node)).toMatchObject([
    {
      limit: 'buffered',
      host: '127.0.5.1',
      connectionId: much?.id,
      reason: 'Too much data waiting on one connection: the limit is 8.4 MB',
    },
  ])
  expect(node.cut).toEqual([`${much?.id}: ${closedFor(node)[0]?.reason}`])
  // It does not come back at once.
  await expect(RawPeer.dial(node.address, { from: '127.0.5.1' })).rejects.toThrow()
})

it('where too much waits on all connections the one with most is closed, and no other', async () => {
  const node = await limitedNode(SMALL)
  const asked = await askAndDoNotRead(node, [7, 6.75, 7.5, 7.25, 6.5])
  node.clock.advance(SAMPLE_MS)
  await until(() => node.libp2p.getConnections().length === 4)
  expect(closedFor(node)).toMatchObject([{ limit: 'allBuffered', connectionId: asked[2]?.id }])
  node.clock.advance(SAMPLE_MS)
  expect(closedFor(node)).toHaveLength(1)
})

it('connections of a host that has too many streams are closed, as few as it takes', async () => {
  const streams = 4
  const node = await limitedNode({ limits: { streams } })
  const { hostStreams } = node.limits.most
  const open = async (from: string, count: number) => {
    for (let at = 0; at < count; at += 1) {
      const peer = await RawPeer.dial(node.address, { from })
      onTestFinished(() => peer.destroy())
      peer.send(...Array.from({ length: streams }, (_, n) => frames.open(2 * n + 1)))
    }
  }
  const streamsOf = (host: string) =>
    node.libp2p
      .getConnections()
      .filter(({ remoteAddr }) => hostOf(remoteAddr) === host)
      .reduce((sum, connection) => sum + connection.streams.length, 0)
  const crowd = hostStreams / streams + 1
  await open('127.0.5.1', crowd)
  await open('127.0.5.2', 1)
  await until(() => streamsOf('127.0.5.1') >= crowd * streams && streamsOf('127.0.5.2') >= streams)
  const before = node.libp2p.getConnections().length
  node.clock.advance(SAMPLE_MS)
  await until(() => node.libp2p.getConnections().length < before)
  expect(streamsOf('127.0.5.1')).toBeLessThanOrEqual(hostStreams)
  // One more, with the stream of ours that asks it who it is, would have been too many.
  expect(streamsOf('127.0.5.1')).toBeGreaterThan(hostStreams - 2 * (streams + 1))
  expect(streamsOf('127.0.5.2')).toBeGreaterThanOrEqual(streams)
  for (const { limit, host } of closedFor(node)) expect([limit, host]).toEqual(['hostStreams', '127.0.5.1'])
  expect(closedFor(node)).not.toEqual([])
})
