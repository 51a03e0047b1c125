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
      const { port, dials } = await actor.next('dialed')
      expect(dials).toMatchObject([
        { from: port, carries: true },
        { from: port, carries: true },
        { from: expect.not.toSatisfy((from: unknown) => from === port), carries: false },
        { from: expect.not.toSatisfy((from: unknown) => from === port), carries: false },
      ])
    }))
})
