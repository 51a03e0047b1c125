import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeInNetns, withHost } from '../../support/netns.ts'
import { Actor } from '../../support/netns-actor.ts'

const FIXTURE = join(import.meta.dirname, 'fixtures/shared-port.ts')

describeInNetns('the port that dials come from', () => {
  it('is one for all public addresses, and another where two connections would have both ends in common', () =>
    withHost(async host => {
      await host.run('ip addr add 11.0.0.1/32 dev lo')
      const actor = new Actor(host.node(FIXTURE, ['11.0.0.1']))
      const dials = (await actor.next('dialed')).dials as { from: number; shared: number | 'not' }[]
      const port = dials[0]?.from
      expect(dials.map(({ from, shared }) => [from === port, shared])).toEqual([
        [true, port],
        [true, port],
        [false, 'not'],
        [false, 'not'],
      ])
    }))
})
