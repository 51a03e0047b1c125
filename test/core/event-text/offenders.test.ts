import { describe, expect, it } from 'vitest'
import { type Offences, offenderHint, offenderWarning } from '../../../src/core/event-text/offenders.ts'
import { formatTime } from '../../../src/core/format.ts'
import { ANY_LIMITS } from '../../../src/core/limit-terms.ts'
import { say } from '../../../src/core/safe-text.ts'
import { widthOf } from '../../../src/core/width.ts'

type Offender = Offences[0]

const ANNA = say`12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN`
const BACK = 1_790_000_000_000
const offender = (change: Partial<Offender> = {}): Offender => ({
  limit: 'hostRate',
  action: 'refused',
  host: say`127.0.0.5`,
  reason: say`Too many`,
  count: 900,
  perSecond: 385,
  ...change,
})
const closed = offender({
  limit: 'frames',
  action: 'closed',
  host: say`127.0.0.7`,
  peerId: ANNA,
  count: 1,
  perSecond: 0,
  comesBackAt: BACK,
})
const retries = offender({
  limit: 'coolDown',
  host: say`127.0.0.7`,
  count: 12,
  perSecond: 3,
  comesBackAt: BACK,
})

describe('the warning of offenders', () => {
  it('says who does what, and what a person would do', () => {
    expect(offenderWarning([offender()])).toMatchObject({
      cause: '127.0.0.5: 385/s refused, connects too fast (host-rate)',
      hint: "block 127.0.0.5 in your firewall if you don't know it; others get in",
    })
  })

  it('adds up what one host does, and counts others by host', () => {
    const causeOf = (...offenders: Offender[]) => offenderWarning(offenders)?.cause
    const handshakes = offender({ limit: 'handshake', perSecond: 200 })
    expect(causeOf(offender(), handshakes)).toBe('127.0.0.5: 585/s refused, connects too fast (host-rate)')
    expect(causeOf(offender(), handshakes, closed, retries)).toMatch(/; and 1 other$/)
    expect(causeOf(offender(), closed, offender({ host: say`127.0.0.9` }))).toMatch(/; and 2 others$/)
  })

  it('has no rate of what has stopped', () => {
    expect(offenderWarning([offender({ quiet: true })])).toMatchObject({
      cause: '127.0.0.5: 900 refused, connects too fast (host-rate)',
    })
  })

  it('keeps to why a connection was closed, and counts the retries', () => {
    expect(offenderWarning([closed, retries])).toMatchObject({
      cause: '…4kx6nXTN at 127.0.0.7: closed, too much work (frames); 12 retries refused',
      hint: `refused until ${formatTime(BACK)}; block 127.0.0.7 in your firewall if it keeps on`,
    })
  })

  it('is another one when there is something else to do, not when figures change', () => {
    const keyOf = (change: Partial<Offender>) =>
      offenderWarning([offender({ peerId: ANNA, limit: 'streams', ...change })])?.key
    expect(keyOf({ count: 5_000, perSecond: 1 })).toBe(keyOf({}))
    expect(keyOf({ connected: true })).not.toBe(keyOf({}))
    expect(keyOf({ host: say`127.0.0.6` })).not.toBe(keyOf({}))
    expect(keyOf({ comesBackAt: BACK })).not.toBe(keyOf({}))
  })

  it('is for one closed connection, or for ten of anything', () => {
    expect(offenderWarning([closed])).toBeDefined()
    expect(offenderWarning([offender({ count: 10 })])).toBeDefined()
    expect(offenderWarning([offender({ count: 9 })])).toBeUndefined()
  })
})

describe('what to do', () => {
  it('is to hang up only where there is somebody to hang up on', () => {
    const hint = (change: Partial<Offender>) =>
      offenderHint([offender({ limit: 'streams', peerId: ANNA, ...change })])
    expect(hint({ connected: true })).toBe(
      'hangup …4kx6nXTN; if it comes back, block 127.0.0.5 in your firewall',
    )
    expect(hint({})).not.toContain('hangup')
    expect(hint({ action: 'closed' })).toBe('block 127.0.0.5 in your firewall if it comes back')
  })

  it.each(ANY_LIMITS)(
    'against %s fits a screen of 80 columns, and asks for no option that does not help',
    limit => {
      const host = say`203.113.113.250`
      for (const change of [
        {},
        { peerId: ANNA },
        { peerId: ANNA, connected: true },
        { comesBackAt: BACK },
      ] as const) {
        for (const action of ['refused', 'closed'] as const) {
          const { cause = '', hint = '' } =
            offenderWarning([offender({ ...change, limit, action, host, count: 10_000 })]) ?? {}
          const [who] = cause.split(':')
          expect(widthOf(`   ${hint}`), hint).toBeLessThanOrEqual(80)
          expect(widthOf(` ! ${cause.slice(who?.length)}`) + host.length, cause).toBeLessThanOrEqual(80)
          expect(hint).not.toContain('--max')
        }
      }
    },
  )
})
