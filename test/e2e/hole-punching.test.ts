import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LEFT_NAT, type NatLab, type NatOptions, OUTSIDE, withTwoNats } from '../support/nat-lab.ts'
import { describeInNetns, type Host } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import { PipedProgram } from '../support/program.ts'

const LISTEN = ['--listen', '/ip4/0.0.0.0/tcp/4001']

function startNode(host: Host, args: readonly string[]): PipedProgram {
  return new PipedProgram(['--headless', '--json', '--ephemeral', '--no-mdns', ...args], { host })
}

/** A relay between the routers. */
async function startRelay({ outside }: NatLab) {
  const relay = startNode(outside, ['--relay-server', '--listen', `/ip4/${OUTSIDE}/tcp/4001`])
  const { peerId } = await relay.event('node:started')
  await relay.event('listen:opened')
  return `/ip4/${OUTSIDE}/tcp/4001/p2p/${peerId}`
}

/** A node that has a reservation, and where it is dialed over the relay. */
async function startHolder(host: Host, relay: string) {
  const holder = startNode(host, [...LISTEN, '--relay', relay])
  const { peerId } = await holder.event('node:started')
  await holder.event('relay:reserved')
  return { holder, holderId: String(peerId), target: `${relay}/p2p-circuit/p2p/${peerId}` }
}

/** On the left a node that has a reservation, on the right one that dials it over the relay. */
async function connected(lab: NatLab) {
  const { holder, holderId, target } = await startHolder(lab.left, await startRelay(lab))
  const dialer = startNode(lab.right, [...LISTEN, target])
  const { peerId } = await dialer.event('node:started')
  return { holder, holderId, dialer, dialerId: String(peerId) }
}

/** What a node has told of a peer's connections and of punching, in order. */
function story(node: PipedProgram, peerId: string) {
  const told = /^(connection:(opened|upgraded|closed)|punch:.*)$/
  return node.events().filter(event => event.peerId === peerId && told.test(String(event.type)))
}

function startStock(host: Host, ...args: string[]): Actor {
  return new Actor(host.node(join(import.meta.dirname, 'fixtures/stock-dcutr.ts'), args))
}

describeInNetns('two hosts behind a router each', () => {
  it('are connected over a relay, then directly, and the relayed connection is closed', () =>
    withTwoNats(async lab => {
      const { holder, holderId, dialer, dialerId } = await connected(lab)
      for (const [node, peer] of [
        [dialer, holderId],
        [holder, dialerId],
      ] as const) {
        await node.event('connection:closed', ({ peerId }) => peerId === peer)
        const told = story(node, peer)
        const [relayed, , , direct] = told
        expect(told).toMatchObject([
          { type: 'connection:opened', relayed: true, transport: 'p2p-circuit' },
          { type: 'punch:started' },
          { type: 'punch:tried', how: 'punch', attempt: 1, attempts: 3 },
          { type: 'connection:opened', transport: 'tcp' },
          {
            type: 'connection:upgraded',
            connectionId: direct?.connectionId,
            relayedConnectionId: relayed?.connectionId,
          },
          { type: 'punch:succeeded', address: direct?.address },
          {
            type: 'connection:closed',
            connectionId: relayed?.connectionId,
            reason: 'Not needed any more: there is a direct connection',
          },
        ])
        expect(direct).not.toHaveProperty('relayed')
      }
      const before = dialer.events().length
      dialer.child.stdin?.write(`ping ${holderId}\n`)
      await dialer.event('ping:succeeded', ({ peerId, seq }) => peerId === holderId && Number(seq) > before)
    }))

  describe.each<{ name: string; left: NatOptions; right: NatOptions; says: string; hears: string }>([
    {
      name: 'that both change ports',
      left: { ports: 'random' },
      right: { ports: 'random' },
      says: 'our router shows another port',
      hears: 'our router shows another port',
    },
    {
      name: 'of which one changes ports',
      left: {},
      right: { ports: 'random' },
      says: 'the router of the other side gives each connection another port',
      hears: 'our router shows another port',
    },
  ])('$name', ({ left, right, says, hears }) => {
    it('stay connected over the relay, and say once why', () =>
      withTwoNats(
        async lab => {
          const { holder, holderId, dialer, dialerId } = await connected(lab)
          for (const [node, peer, words] of [
            [holder, dialerId, says],
            [dialer, holderId, hears],
          ] as const) {
            const failed = await node.event('punch:failed')
            expect(failed.cause).toContain(words)
            expect(failed.hint).toMatch(/forward a port/i)
            const told = story(node, peer).map(({ type, attempt }) => [type, attempt])
            expect(told).toEqual([
              ['connection:opened', undefined],
              ['punch:started', undefined],
              ['punch:tried', 1],
              ['punch:tried', 2],
              ['punch:tried', 3],
              ['punch:failed', undefined],
            ])
          }
        },
        { left, right },
      ))
  })
})

describeInNetns('a host whose router forwards a port', () => {
  it('is dialed directly by whom it has dialed over a relay, once it announces that port', () =>
    withTwoNats(
      async lab => {
        const { holder, target } = await startHolder(lab.right, await startRelay(lab))
        const announced = `/ip4/${LEFT_NAT}/tcp/4001`
        const dialer = startNode(lab.left, [...LISTEN, '--announce', announced, target])
        const { peerId } = await dialer.event('node:started')
        await holder.event('punch:succeeded')
        expect(story(holder, String(peerId))).toMatchObject([
          { type: 'connection:opened', relayed: true },
          { type: 'punch:started' },
          { type: 'punch:tried', how: 'dial', addresses: [announced] },
          { type: 'connection:opened', direction: 'outbound', transport: 'tcp' },
          { type: 'connection:upgraded' },
          { type: 'punch:succeeded' },
        ])
        await dialer.event('connection:upgraded')
      },
      { left: { forward: 4001 } },
    ))
})

describeInNetns("libp2p's own DCUtR", () => {
  it('is answered: it asks, both dial, and its forwarded port is reached', () =>
    withTwoNats(
      async lab => {
        const relay = await startRelay(lab)
        const announced = `/ip4/${LEFT_NAT}/tcp/4001`
        const stock = startStock(lab.left, 'listen', relay, '/ip4/0.0.0.0/tcp/4001', announced)
        const { peerId } = await stock.next('started')
        await stock.next('listening', ({ address }) => String(address).includes('p2p-circuit'))
        const dialer = startNode(lab.right, [...LISTEN, `${relay}/p2p-circuit/p2p/${peerId}`])
        const tried = await dialer.event('punch:tried')
        expect(tried).toMatchObject({ peerId, how: 'punch', attempt: 1, addresses: [announced] })
        await dialer.event('punch:succeeded')
        expect(await stock.next('opened', ({ direct }) => direct === true)).toBeDefined()
      },
      { left: { forward: 4001 } },
    ))

  it('is reached directly where it has announced a public address', () =>
    withTwoNats(
      async lab => {
        const { holder, target } = await startHolder(lab.right, await startRelay(lab))
        const announced = `/ip4/${LEFT_NAT}/tcp/4001`
        const stock = startStock(lab.left, 'dial', target, '/ip4/0.0.0.0/tcp/4001', announced)
        const { peerId } = await stock.next('started')
        expect(await holder.event('punch:tried')).toMatchObject({ peerId, how: 'dial' })
        await holder.event('punch:succeeded')
        await holder.event('connection:closed', event => event.peerId === peerId)
      },
      { left: { forward: 4001 } },
    ))
})
