/** smoldot, told of a boot node alone, finds our node through Kademlia, and then asks our node too. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeInNetns, withHost } from '../support/netns.ts'
import { Actor } from '../support/netns-actor.ts'
import { watchNodeOn } from './node-on-host.ts'
import { GENESIS } from './others/chain-spec.ts'
import { SMOLDOT } from './others/others.ts'

const BOOT_NODE = join(import.meta.dirname, 'fixtures/boot-node.ts')
const KADEMLIA = `/${GENESIS}/kad`
/** smoldot asks at a pace of its own, one peer every few seconds. */
const PATIENCE_MS = 90_000

describeInNetns('smoldot', () => {
  it(
    'finds our node in the DHT, dials it, and has its own questions answered by it',
    { timeout: PATIENCE_MS },
    () =>
      withHost(async host => {
        const node = watchNodeOn(host, { dht: { network: KADEMLIA, server: true } })
        const us = await node.peerId()
        const boot = new Actor(host.node(BOOT_NODE, [await node.address()]))
        const { address } = await boot.next('listening')
        const smoldot = new Actor(host.node(SMOLDOT.program, [String(address)]))
        const logged = (line: RegExp) => smoldot.next('text', ({ text }) => line.test(String(text)))

        const bootId = String(address).split('/').at(-1)
        await logged(new RegExp(`peer-discovered; .*peer_id=${us}, .*obtained_from=${bootId}`))
        await logged(SMOLDOT.says.connected(us))
        const { peerId } = await node.heard('peer:identified', event => event.peerId !== bootId)
        const asked = await node.heard(
          'stream:closed',
          event => event.peerId === peerId && event.protocol === KADEMLIA,
        )
        expect(asked).toMatchObject({ direction: 'inbound' })
        expect(asked.bytesOut).toBeGreaterThan(0)
        expect(smoldot.lines.filter(({ text }) => /find-node-(error|failed)/.test(String(text)))).toEqual([])
      }),
  )
})
