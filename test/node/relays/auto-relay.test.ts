import { describe, expect, it } from 'vitest'
import { safeText } from '../../../src/core/safe-text.ts'
import { DEFAULT_RELAY_SERVER } from '../../../src/node/options.ts'
import { AutoRelay, WANTED } from '../../../src/node/relays/auto-relay.ts'
import { type WatchedNode, watchNode } from '../../support/watched-node.ts'

const HOP = safeText('/libp2p/circuit/relay/0.2.0/hop')

const relay = (reservations = 8) => watchNode({ relayServer: { ...DEFAULT_RELAY_SERVER, reservations } })

async function connect(node: WatchedNode, other: WatchedNode): Promise<string> {
  const { peerId } = await node.port.request('dial', { target: await other.address() })
  await node.heard('peer:identified', event => event.peerId === peerId)
  return peerId
}

describe('with --relay auto', () => {
  it('reserves at relays that are connected, as many as are wanted, and at another when one is lost', async () => {
    const node = watchNode({ listen: [], autoRelay: true })
    await connect(node, watchNode())
    const servers = [relay(), relay(), relay()]
    for (const server of servers.slice(0, WANTED)) {
      const peerId = await connect(node, server)
      await node.heard('relay:reserved', event => event.peerId === peerId)
    }
    const spare = await connect(node, servers[WANTED] as WatchedNode)
    // Asked for by name it would be there: everything that was to be asked before has been.
    await node.port.request('reserve', { relay: await (servers[0] as WatchedNode).address() })
    expect(node.state().relays.size).toBe(WANTED)
    await servers[1]?.port.stop()
    expect(await node.heard('relay:reserved', event => event.peerId === spare)).toBeDefined()
    expect(node.events.filter(({ type }) => type === 'relay:failed')).toEqual([])
  })

  it('passes over one that refuses', async () => {
    const full = relay(1)
    const holder = watchNode({ listen: [] })
    await holder.port.request('reserve', { relay: await full.address() })
    const node = watchNode({ listen: [], autoRelay: true })
    const refusing = await connect(node, full)
    expect((await node.heard('relay:failed')).peerId).toBe(refusing)
    const granting = await connect(node, relay())
    await node.heard('relay:reserved', event => event.peerId === granting)
    expect([...node.state().relays.keys()]).toEqual([granting])
  })

  it('and without it, nobody is asked', async () => {
    const node = watchNode({ listen: [] })
    const server = relay()
    const other = relay()
    await connect(node, server)
    const { peerId } = await node.port.request('reserve', { relay: await other.address() })
    expect([...node.state().relays.keys()]).toEqual([peerId])
  })
})

describe('peers that grant a reservation and go away', () => {
  it('are dialed again by themselves, but no more of them than are wanted', async () => {
    const given: string[] = []
    const relays = new AutoRelay({
      held: () => 0,
      reserve: async () => {},
      isDirect: () => true,
      giveUp: peerId => given.push(peerId),
    })
    for (let n = 0; n < 50; n += 1) {
      const peerId = safeText(`liar${n}`)
      relays.heard({ type: 'peer:updated', peerId, addresses: [], protocols: [HOP] })
      await new Promise(setImmediate)
      relays.heard({ type: 'relay:lost', peerId, reason: safeText('') })
    }
    expect(given).toEqual(Array.from({ length: 50 - WANTED }, (_, n) => `liar${n}`))
  })
})
