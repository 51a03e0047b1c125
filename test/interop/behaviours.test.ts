/** The same behaviours with every libp2p of others that can be had; see docs/interop.md. */
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/node/options.ts'
import { BEN } from '../support/mdns-peers.ts'
import { describeInNetns } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import { withMeeting } from './meet.ts'
import { OTHERS, versionOf } from './others/others.ts'
import { giveWayOut, packetsOut } from './strangers.ts'

const CASES = OTHERS.flatMap(other => other.dials.map(transport => ({ other, transport })))

for (const { other, transport } of CASES) {
  describeInNetns(`${other.name}, ${other.package} ${versionOf(other.package)}, over ${transport}`, () => {
    it('agrees with us on noise and yamux, and each knows the Peer ID of the other', () =>
      withMeeting(other, transport, async ({ node, peerId, said, opened }) => {
        expect(await opened()).toMatchObject({
          direction: 'inbound',
          transport,
          encryption: '/noise',
          muxer: '/yamux/1.0.0',
        })
        await said(other.says.connected(peerId))
        expect(node.state().peers.get((await opened()).peerId)?.connectionIds).toHaveLength(1)
      }))

    it('answers our pings, has its own answered, and calls nobody else', () =>
      withMeeting(
        other,
        transport,
        async ({ host, node, peerId, said, opened }) => {
          const them = (await opened()).peerId
          const { rttMs } = await node.port.request('ping', { peerId: them })
          expect(rttMs).toBeGreaterThan(0)
          await node.heard('ping:answered', event => event.peerId === them)
          if (other.says.pong !== undefined) await said(other.says.pong(peerId))
          expect(await packetsOut(host)).toBe(0)
          await host.run('bash -c "echo > /dev/udp/192.0.2.1/53"')
          expect(await packetsOut(host)).toBeGreaterThan(0)
        },
        { prepare: giveWayOut },
      ))

    it('tells us its protocols, by identify where it speaks that', () =>
      withMeeting(other, transport, async ({ node, opened }) => {
        const { peerId } = await opened()
        if (other.identify !== undefined) {
          const { agentVersion, protocolVersion, observedAddress } = await node.heard('peer:identified')
          expect({ agentVersion, protocolVersion }).toEqual(other.identify)
          expect(observedAddress).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+/)
        }
        const known = await node.heard('peer:updated', ({ protocols }) =>
          other.protocols.every(protocol => protocols.includes(protocol as never)),
        )
        expect(known.peerId).toBe(peerId)
      }))

    const { kademlia } = other
    if (kademlia !== undefined)
      it('asks our DHT, and is answered', () =>
        withMeeting(
          other,
          transport,
          async ({ node, opened }) => {
            const { peerId } = await opened()
            const asked = await node.heard('stream:closed', ({ protocol }) => protocol === kademlia)
            expect(asked).toMatchObject({ peerId, direction: 'inbound', reason: 'Done' })
            expect(asked.bytesIn).toBeGreaterThan(0)
            expect(asked.bytesOut).toBeGreaterThan(0)
          },
          { options: { dht: { network: kademlia, server: true } } },
        ))

    it('notices that we are not the peer that it was told of', () =>
      withMeeting(
        other,
        transport,
        async ({ node, peerId, said }) => {
          if (other.says.wrongPeer !== undefined) await said(other.says.wrongPeer(BEN, peerId))
          else expect((await node.heard('connection:closed')).reason).toMatch(/^The other side /)
        },
        { expect: BEN },
      ))

    it('is hung up on, and notices', () =>
      withMeeting(other, transport, async ({ node, peerId, said, opened }) => {
        const them = (await opened()).peerId
        await said(other.says.connected(peerId))
        expect(await node.port.request('hangUp', { peerId: them })).toEqual({ closed: 1 })
        expect(await node.heard('connection:closed')).toMatchObject({ peerId: them, reason: 'You hung up' })
        await said(other.says.closed(peerId))
      }))

    it('is turned away when its host has its share of our connections', () =>
      withMeeting(
        other,
        transport,
        async ({ host, node, opened }) => {
          const { peerId } = await opened()
          new Actor(host.node(other.program, [await node.address()]))
          expect(await node.heard('connection:refused')).toMatchObject({
            direction: 'inbound',
            limit: 'perHost',
          })
          expect([...node.state().connections.values()].map(connection => connection.peerId)).toEqual([
            peerId,
          ])
        },
        { options: { limits: { ...DEFAULT_LIMITS, perHost: 1 } } },
      ))

    it.each(['closes', 'is killed'])('%s, and we notice', how =>
      withMeeting(other, transport, async ({ node, peerId, said, opened, other: program }) => {
        await said(other.says.connected(peerId))
        if (how === 'closes') program.tell({ stop: true })
        else program.kill('SIGKILL')
        const closed = await node.heard('connection:closed')
        expect(closed.peerId).toBe((await opened()).peerId)
        expect(closed.reason).toMatch(/^The other side /)
      }),
    )
  })
}

describe('what is run', () => {
  it('is more than one implementation, over both transports that they have', () => {
    expect(new Set(CASES.map(({ other }) => other.name)).size).toBeGreaterThan(1)
    expect(new Set(CASES.map(({ transport }) => transport))).toEqual(new Set(['tcp', 'ws']))
  })
})
