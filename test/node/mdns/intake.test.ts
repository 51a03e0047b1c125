import { describe, expect, it } from 'vitest'
import { Intake, kindOf } from '../../../src/node/mdns/intake.ts'
import { ManualClock } from '../../support/manual-clock.ts'

describe('what is taken in', () => {
  it('is bounded for one sender, and comes again with time', async () => {
    const clock = new ManualClock()
    const intake = new Intake(clock)
    const taken = () =>
      Array.from({ length: 1000 }, () => intake.takesPeer('own', '10.0.0.1')).filter(Boolean)
    expect(taken()).toHaveLength(64)
    await clock.advance(1000)
    expect(taken()).toHaveLength(4)
    expect(intake.takesPeer('own', '10.0.0.2')).toBe(true)
  })

  it('is bounded for a crowd of senders, and leaves room for one who has said little', async () => {
    const clock = new ManualClock()
    const intake = new Intake(clock)
    const crowd = (n: number) => `10.0.0.${n}`
    let taken = 0
    for (let second = 0; second < 30; second++) {
      for (let n = 0; n < 254; n++) {
        for (let again = 0; again < 40; again++) if (intake.takesPeer('own', crowd(n))) taken += 1
      }
      // There is nothing left for all of them; at first nothing of the reserve either, for each has said little then.
      if (second > 0) expect(intake.takesPeer('own', `10.0.1.${second}`)).toBe(true)
      await clock.advance(1000)
    }
    expect(taken).toBeLessThan(1024 + 64 + 30 * (128 + 32) + 254)
  })

  it('leaves those that name themselves, and each family, their room in a flood of another kind', () => {
    const intake = new Intake(new ManualClock())
    for (let n = 0; n < 100_000; n++) intake.takesBytes('IPv6', `fe80::${n.toString(16)}%eth0`, 1400)
    expect(intake.takesBytes('IPv6', 'fe80::abcd:1%eth0', 1400)).toBe(false)
    expect(intake.takesBytes('own', '10.0.0.1', 1400)).toBe(true)
    expect(intake.takesBytes('IPv4', '10.0.0.1', 1400)).toBe(true)
  })

  it('is told apart before it is read', () => {
    expect(kindOf(Buffer.from('..dnsaddr=/ip4/10.0.0.1/tcp/1'), '10.0.0.1', 'IPv4')).toBe('own')
    expect(kindOf(Buffer.from('..dnsaddr=/ip4/10.0.0.11/tcp/1'), '10.0.0.1', 'IPv4')).toBe('IPv4')
    expect(kindOf(Buffer.from('..dnsaddr=/ip4/10.0.0.1/tcp/1'), 'fe80::1', 'IPv6')).toBe('IPv6')
  })
})
