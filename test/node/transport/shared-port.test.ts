import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeInNetns, withHost } from '../../support/netns.ts'
import { Actor } from '../../support/netns-actor.ts'

const FIXTURE = join(import.meta.dirname, 'fixtures/shared-port.ts')

describeInNetns('the port that dials come from', () => {
  it('is one for all public addresses, and another from the dial on that cannot come from it', () =>
    withHost(async host => {
      await host.run('ip addr add 11.0.0.1/32 dev lo')
      const actor = new Actor(host.node(FIXTURE, ['11.0.0.1']))
      const { dials } = await actor.next('dialed')
      const [first, second, again, near] = dials as { from: number; shared: number; carries: boolean }[]
      expect(first).toEqual({ from: first?.shared, shared: first?.shared, carries: true })
      expect(second).toEqual(first)
      expect(again).toEqual({ from: again?.shared, shared: again?.shared, carries: true })
      expect(again?.shared).not.toBe(first?.shared)
      expect(near).toMatchObject({ shared: again?.shared, carries: false })
    }))
})
