/** Peers that name addresses of places where they are not: nobody but us could get there. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { watchNodeOn } from '../interop/node-on-host.ts'
import { describeInNetns, type Host, withHost } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import { TEST_DHT } from '../support/peers/dht-peers.ts'
import type { WatchedNode } from '../support/watched-node.ts'

const LIAR = join(import.meta.dirname, 'fixtures/liar.ts')

/** Where peers and traps are: one host has them all on its loopback interface, which is no matter for who names what. */
const OUTSIDE = '11.0.0.2'
const LAN = '10.9.0.2'
const LOOPBACK = '127.0.0.1'
const TRAPS = {
  loopback: '127.0.0.9',
  mapped: '::ffff:127.0.0.8',
  lan: '10.9.0.9',
  cgn: '100.64.0.9',
  ula: 'fd99::9',
  outside: '11.0.0.9',
}

async function withPlaces(body: (host: Host) => Promise<void>): Promise<void> {
  await withHost(async host => {
    for (const address of [
      '11.0.0.1/32',
      `${OUTSIDE}/32`,
      '11.0.0.9/32',
      '10.9.0.1/32',
      `${LAN}/32`,
      '10.9.0.9/32',
      '100.64.0.9/32',
    ]) {
      await host.run(`ip addr add ${address} dev lo`)
    }
    await host.run('ip -6 addr add fd99::9/128 dev lo nodad')
    await body(host)
  })
}

async function startLiar(
  host: Host,
  at: string,
  more: object = {},
): Promise<{ liar: Actor; address: string; peerId: string }> {
  const task = { listen: [`/ip4/${at}/tcp/0`], traps: Object.values(TRAPS), peers: 20, ...more }
  const liar = new Actor(host.node(LIAR, [JSON.stringify(task)]))
  const { address, peerId } = await liar.next('ready')
  return { liar, address: String(address), peerId: String(peerId) }
}

/** How many connections each trap has had. */
async function caught(liar: Actor): Promise<Record<string, number>> {
  liar.tell({})
  return (await liar.next('counts')).counts as Record<string, number>
}

const places = (counts: Record<string, number>): string[] =>
  Object.entries(TRAPS).flatMap(([name, host]) => ((counts[host] ?? 0) > 0 ? [name] : []))

async function query(node: WatchedNode, subject: string): Promise<void> {
  const params = { query: 'closest', subject, value: '' } as const
  await node.port.request('query', params, { deadlineMs: 40_000 }).catch(() => undefined)
}

describeInNetns('addresses that a peer names', () => {
  describe.each([
    ['outside', OUTSIDE, ['outside']],
    ['in a private network', LAN, ['lan', 'cgn', 'ula', 'outside']],
    ['on this machine', LOOPBACK, ['loopback', 'mapped', 'lan', 'cgn', 'ula', 'outside']],
  ])('from %s', (_, at, may) => {
    it('in answers of the DHT are dialed where it may send us, and no more of them than that', () =>
      withPlaces(async host => {
        const { liar, address, peerId } = await startLiar(host, at)
        const node = watchNodeOn(host, { dht: { network: TEST_DHT, server: false } })
        await node.port.request('dial', { target: address })
        await node.heard('routing:added', event => event.peerId === peerId)
        for (const subject of ['one', 'two', 'three']) await query(node, subject)
        const counts = await caught(liar)
        expect(places(counts)).toEqual(may)
        const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
        expect(all).toBeLessThanOrEqual(96)
        const told = node.events.filter(
          event => event.type === 'limit:exceeded' && event.limit === 'referrals',
        )
        if (may.includes('loopback')) expect(told).toEqual([])
        else expect(told[0]).toMatchObject({ peerId, host: at, action: 'refused' })
      }))

    it('in identify come into the address book where it may send us', () =>
      withPlaces(async host => {
        const { liar, address, peerId } = await startLiar(host, at)
        const node = watchNodeOn(host)
        await node.port.request('dial', { target: address })
        await node.heard('peer:identified', event => event.peerId === peerId)
        await node.port.request('hangUp', { peerId: peerId as never })
        // Its own address first is no matter: whatever the book has is dialed when that does not answer.
        liar.tell({ stop: true })
        await liar.next('stopped')
        await node.port.request('dial', { target: peerId }, { deadlineMs: 40_000 }).catch(() => undefined)
        expect(places(await caught(liar))).toEqual(may)
      }))
  })
})
