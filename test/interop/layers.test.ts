/**
 * Each layer against one that others wrote, and in the direction that no package of the registries has: a witness that
 * listens. Its noise, TLS and keys are other people's; the rest of it follows the specifications (fixtures/witness).
 */
import { describe, expect, it } from 'vitest'
import { AGENT } from '../../src/node/create-node.ts'
import { BEN } from '../support/mdns-peers.ts'
import { withHost } from '../support/netns.ts'
import { watchNodeOn } from './node-on-host.ts'
import { LAYERS, type Layer, listeningWitness, noWitness, witness } from './witness.ts'

const FORGED = expect.stringContaining('does not have the key that it shows')
const skipped = noWitness !== undefined && !process.env.CI

for (const [name, { encryption, by }] of Object.entries(LAYERS)) {
  const layer = name as Layer
  const title = `${encryption} of ${by}`
  describe.skipIf(skipped)(skipped ? `${title} (${noWitness})` : title, () => {
    it('is dialed, identified and pinged', () =>
      withHost(async host => {
        const node = watchNodeOn(host)
        const { actor, address, peerId } = await listeningWitness(host, layer)
        expect(await node.port.request('dial', { target: address })).toMatchObject({ peerId })
        expect(await node.heard('connection:opened')).toMatchObject({
          ...{ peerId, direction: 'outbound', transport: 'tcp' },
          ...{ encryption, muxer: '/yamux/1.0.0' },
        })
        expect(await actor.next('secured')).toMatchObject({ peerId: await node.peerId() })
        expect(await node.heard('peer:identified')).toMatchObject({
          ...{ peerId, agentVersion: 'witness/1.0', protocolVersion: 'witness/0.1.0' },
          protocols: ['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0'],
        })
        await node.port.request('ping', { peerId })
        await actor.next('pinged')
      }))

    it('dials, is told who we are, and has its pings answered', () =>
      withHost(async host => {
        const node = watchNodeOn(host)
        const actor = witness(host, layer, 'dial', await node.address())
        expect(await actor.next('secured')).toMatchObject({ peerId: await node.peerId() })
        expect(await actor.next('identified')).toMatchObject({
          agentVersion: AGENT,
          protocols: expect.arrayContaining(['/ipfs/id/1.0.0', '/ipfs/ping/1.0.0']),
        })
        expect(await actor.next('pong')).toMatchObject({ right: true })
        expect((await node.heard('ping:answered')).peerId).toBe(
          (await node.heard('connection:opened')).peerId,
        )
      }))

    it('has a ping answered that comes in one packet with its protocol and its end', () =>
      withHost(async host => {
        const node = watchNodeOn(host)
        const actor = witness(host, layer, 'dial', await node.address())
        expect(await actor.next('pong at once')).toMatchObject({ right: true })
      }))

    it('is hung up on, and told so', () =>
      withHost(async host => {
        const node = watchNodeOn(host)
        const { actor, address, peerId } = await listeningWitness(host, layer)
        await node.port.request('dial', { target: address })
        await actor.next('pong')
        expect(await node.port.request('hangUp', { peerId })).toEqual({ closed: 1 })
        expect(await actor.next('closed')).toMatchObject({ how: 'told' })
        expect(await node.heard('connection:closed')).toMatchObject({ peerId, reason: 'You hung up' })
      }))

    it('is refused when it is not the peer that we dialed', () =>
      withHost(async host => {
        const node = watchNodeOn(host)
        const { address, peerId } = await listeningWitness(host, layer)
        const dial = node.port.request('dial', { target: address.replace(peerId, BEN) })
        const failure = { stage: 'encrypt', cause: expect.stringMatching(/^Another peer answers there/) }
        await expect(dial).rejects.toMatchObject({ failure })
        expect(node.events.some(({ type }) => type === 'connection:opened')).toBe(false)
      }))

    it.each(['dialed', 'dialing'])('is refused with the key of somebody else, %s', how =>
      withHost(async host => {
        const node = watchNodeOn(host)
        if (how === 'dialed') {
          const { address } = await listeningWitness(host, layer, '--forger')
          const dial = node.port.request('dial', { target: address })
          await expect(dial).rejects.toMatchObject({ failure: { stage: 'encrypt', cause: FORGED } })
        } else {
          const actor = witness(host, layer, 'dial', await node.address(), '--forger')
          const refused = await node.heard('connection:refused')
          expect(refused).toMatchObject({ direction: 'inbound', reason: FORGED })
          await actor.next('closed')
        }
        expect(node.events.some(({ type }) => type === 'connection:opened')).toBe(false)
      }),
    )
  })
}
