/** What is no message, on streams of protocols that take more than a connection to come to: relays, hole punching, AutoNAT. */
import { join } from 'node:path'
import type { Connection, Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import { DEFAULT_RELAY_SERVER } from '../../src/node/options.ts'
import { watchNodeOn } from '../interop/node-on-host.ts'
import { describeInNetns, withHost } from '../support/netns.ts'
import { addressOf } from '../support/peers/peer.ts'
import { varint } from '../support/peers/protobuf.ts'
import { MULTISTREAM, negotiation } from '../support/peers/raw-peer.ts'
import { startLooseRelay, startStockClient } from '../support/peers/relay-peers.ts'
import { openBareStream } from '../support/peers/unnegotiated.ts'
import { type WatchedNode, watchNode } from '../support/watched-node.ts'

const GARBAGE = [
  ['a length without end', Buffer.alloc(64, 0xff), 'The length prefix of a message exceeds 3 bytes'],
  [
    'a message that is too long',
    Buffer.concat([varint(64 * 1024 + 1), Buffer.alloc(64)]),
    'The length of a message exceeds 65536 bytes',
  ],
] as const

/** The node that is attacked, whoever attacks it, and a connection of theirs to it. */
interface Scene {
  node: WatchedNode
  attacker: Libp2p
  connection: Connection
}

/** A node with a reservation at a relay, which opens streams to it. */
async function fromRelay(): Promise<Scene> {
  const node = watchNode({ listen: [] })
  const { peer: attacker } = await startLooseRelay({ expire: Math.floor(Date.now() / 1000) + 3_600 })
  await node.port.request('reserve', { relay: addressOf(attacker).toString() })
  const [connection] = attacker.getConnections()
  if (connection === undefined) throw new Error('it is not connected')
  return { node, attacker, connection }
}

/** A node with a reservation at a relay, and somebody who has dialed it through that. */
async function throughRelay(): Promise<Scene> {
  const relay = watchNode({ relayServer: DEFAULT_RELAY_SERVER })
  const node = watchNode({ listen: [] })
  const { addresses } = await node.port.request('reserve', { relay: await relay.address() })
  const attacker = await startStockClient()
  return { node, attacker, connection: await attacker.dial(multiaddr(String(addresses[0]))) }
}

describe.each([
  ['/libp2p/circuit/relay/0.2.0/stop', fromRelay],
  ['/libp2p/dcutr', throughRelay],
])('where a message of %s belongs', (protocol, scene) => {
  it.each(GARBAGE)('%s is cut off, and told', async (_, garbage, why) => {
    const { node, attacker, connection } = await scene()
    const stream = await openBareStream(connection)
    stream.addEventListener('message', () => {})
    const reset = new Promise(resolve => stream.addEventListener('close', resolve))
    stream.send(Buffer.concat([negotiation(MULTISTREAM, protocol), garbage]))
    await reset
    const told = await node.heard('limit:exceeded', ({ limit }) => limit === 'message')
    expect(told).toMatchObject({ action: 'dropped', protocol, peerId: attacker.peerId.toString() })
    expect(told.reason).toContain(why)
    expect(connection.status).toBe('open')
  })
})

describeInNetns('in answer to what we ask over AutoNAT', () => {
  const LIAR = join(import.meta.dirname, 'fixtures/autonat-liar.ts')
  const [US, OUTSIDE] = ['11.0.0.1', '11.0.0.2']

  it.each(GARBAGE)('%s is cut off, and told', async (_, garbage, why) =>
    withHost(async host => {
      for (const address of [US, OUTSIDE]) await host.run(`ip addr add ${address}/32 dev lo`)
      const node = watchNodeOn(host, {
        listen: [`/ip4/${US}/tcp/4001`],
        autonat: true,
        autonatServer: true,
      })
      await node.heard('autonat:started')
      const task = { at: OUTSIDE, target: await node.address(), answer: garbage.toString('hex') }
      host.node(LIAR, [JSON.stringify(task)], { stdio: ['pipe', 'ignore', 'inherit'] })
      for (const asked of ['dial-request', 'dial-back']) {
        const protocol = `/libp2p/autonat/2/${asked}`
        const told = await node.heard('limit:exceeded', event => event.protocol === protocol)
        expect(told).toMatchObject({ limit: 'message', action: 'dropped', host: OUTSIDE })
        expect(told.reason).toContain(why)
      }
      // Neither answer counts for one.
      expect(await node.heard('autonat:answered')).toMatchObject({ reachable: false })
      await node.heard('autonat:refused')
    }),
  )
})
