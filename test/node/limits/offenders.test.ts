import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { say } from '../../../src/core/safe-text.ts'
import { OffenderReport } from '../../../src/node/limits/offender-report.ts'
import { type Offence, Offenders } from '../../../src/node/limits/offenders.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const offence = (change: Partial<Offence> = {}): Offence => ({
  limit: 'hostPending',
  action: 'refused',
  host: say`192.0.2.1`,
  reason: say`Too many`,
  ...change,
})

const ANNA = say`12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN`

function watched(waitMs = 0) {
  const connected = new Set<string>()
  const clock = new ManualClock()
  const events: NewEvent[] = []
  const offenders = new Offenders({
    clock,
    waitMs: () => waitMs,
    isConnected: peerId => connected.has(peerId),
  })
  const report = new OffenderReport({ clock, emit: event => events.push(event) })
  const second = () => {
    clock.advance(1_000)
    report.tell(offenders.current())
    return events.splice(0)
  }
  const add = (count: number, change?: Partial<Offence>) => {
    for (let n = 0; n < count; n += 1) offenders.add(offence(change))
  }
  return { clock, offenders, connected, second, add }
}

describe('offenders', () => {
  it('are those who exceed limits now, whoever does most first', () => {
    const { offenders, clock, add } = watched()
    add(5, { host: say`192.0.2.1` })
    add(50, { host: say`192.0.2.2` })
    add(20, { host: say`192.0.2.2`, limit: 'perHost' })
    clock.advance(1_000)
    expect(
      offenders.current().map(({ host, limit, count, perSecond }) => [host, limit, count, perSecond]),
    ).toEqual([
      ['192.0.2.2', 'hostPending', 50, 50],
      ['192.0.2.2', 'perHost', 20, 20],
      ['192.0.2.1', 'hostPending', 5, 5],
    ])
  })

  it('have the rate of the last five seconds', () => {
    const { offenders, clock, add } = watched()
    for (let n = 0; n < 10; n += 1) {
      add(30)
      clock.advance(1_000)
    }
    expect(offenders.current()[0]).toMatchObject({ count: 300, perSecond: 30 })
    clock.advance(4_000)
    expect(offenders.current()[0]).toMatchObject({ count: 300, perSecond: 6 })
  })

  it('are quiet after two seconds, whatever their rate still is', () => {
    const { offenders, clock, add } = watched()
    add(300)
    clock.advance(1_999)
    expect(offenders.current()[0]).not.toHaveProperty('quiet')
    clock.advance(1)
    expect(offenders.current()[0]).toMatchObject({ perSecond: 150, quiet: true })
    add(1)
    expect(offenders.current()[0]).not.toHaveProperty('quiet')
  })

  it('are gone ten seconds after it ended', () => {
    const { offenders, clock, add } = watched()
    add(1)
    clock.advance(9_999)
    expect(offenders.current()).toHaveLength(1)
    clock.advance(1)
    expect(offenders.current()).toEqual([])
  })

  it('are a bounded list, however many there are', () => {
    const { offenders, add } = watched()
    for (let n = 0; n < 10_000; n += 1) add(1, { host: say`10.0.${n >> 8}.${n & 255}` })
    expect(offenders.size).toBe(256)
    expect(offenders.current()).toHaveLength(8)
  })

  it('are told when they may come back', () => {
    const { offenders, clock, add } = watched(25_000)
    add(1, { action: 'closed' })
    expect(offenders.current()[0]?.comesBackAt).toBe(clock.now() + 25_000)
  })

  it('come first when they were closed, with what they did beside it', () => {
    const { offenders, clock, add } = watched()
    add(50, { host: say`192.0.2.2` })
    add(1, { limit: 'frames', action: 'closed' })
    add(20, { limit: 'coolDown' })
    clock.advance(1_000)
    const told = () => offenders.current().map(({ host, limit }) => `${host} ${limit}`)
    expect(told()).toEqual(['192.0.2.1 frames', '192.0.2.1 coolDown', '192.0.2.2 hostPending'])
    // What they were closed for is known while they go on, but no longer of most interest.
    for (let n = 0; n < 12; n += 1) {
      add(50, { host: say`192.0.2.2` })
      add(1, { limit: 'coolDown' })
      clock.advance(1_000)
    }
    expect(told()).toEqual(['192.0.2.2 hostPending', '192.0.2.1 frames', '192.0.2.1 coolDown'])
    clock.advance(10_000)
    expect(told()).toEqual([])
  })

  it('do not change places while they do about as much', () => {
    const { second, add } = watched()
    const first = Array.from({ length: 6 }, (_, n) => {
      add(100 + n, { host: say`192.0.2.1` })
      add(105 - n, { host: say`192.0.2.2` })
      const [list] = second()
      return list?.type === 'limits:offenders' ? list.offenders[0]?.host : undefined
    })
    expect(new Set(first).size).toBe(1)
  })
})

describe('the warning of them', () => {
  it('comes within a second, says who, what, how often and what to do, and goes when it is over', () => {
    const { second, add } = watched()
    add(40)
    const [list, warning] = second()
    expect(list).toMatchObject({ type: 'limits:offenders', offenders: [{ host: '192.0.2.1', count: 40 }] })
    expect(warning).toMatchObject({
      type: 'warning:raised',
      topic: 'offenders',
      cause: '192.0.2.1: 40/s refused, too many handshakes (host-pending)',
    })
    expect(warning).toHaveProperty(
      'hint',
      "block 192.0.2.1 in your firewall if you don't know it; others get in",
    )
    const later = Array.from({ length: 10 }, second).flat()
    expect(later.at(-2)).toEqual({ type: 'limits:offenders', offenders: [] })
    expect(later.at(-1)).toEqual({ type: 'warning:cleared', topic: 'offenders' })
    expect(second()).toEqual([])
  })

  it('is not for a few, but for one connection that was closed', () => {
    const { second, add } = watched(30_000)
    add(9)
    expect(second().map(({ type }) => type)).toEqual(['limits:offenders'])
    add(1, { action: 'closed', limit: 'frames' })
    const [, warning] = second()
    expect(warning).toMatchObject({
      topic: 'offenders',
      hint: expect.stringMatching(/^refused until \d\d:\d\d:\d\d; block/),
    })
  })

  it('names the peer to hang up on for as long as it is connected, and is told anew at once then', () => {
    const { second, add, connected } = watched()
    const hints = () => second().flatMap(event => (event.type === 'warning:raised' ? [event.hint] : []))
    connected.add(ANNA)
    add(20, { limit: 'streams', peerId: ANNA })
    expect(hints()).toEqual(['hangup …4kx6nXTN; if it comes back, block 192.0.2.1 in your firewall'])
    add(20, { limit: 'streams', peerId: ANNA })
    expect(hints()).toEqual([])
    connected.delete(ANNA)
    expect(hints()).toEqual(["block 192.0.2.1 in your firewall if you don't know it; others get in"])
  })

  it('is told anew at once when it is about another host or another end of it', () => {
    const { second, add } = watched()
    const causes = () => second().flatMap(event => (event.type === 'warning:raised' ? [event.cause] : []))
    add(20)
    expect(causes()).toHaveLength(1)
    add(200, { host: say`192.0.2.9` })
    expect(causes()).toEqual([expect.stringMatching(/^192\.0\.2\.9: .*; and 1 other$/)])
    add(1, { action: 'closed', limit: 'frames' })
    expect(causes()).toEqual([expect.stringMatching(/^192\.0\.2\.1: closed, .*; and 1 other$/)])
  })

  it('is not told each second where two hosts take turns', () => {
    const { second, add } = watched()
    const warnings = Array.from({ length: 60 }, (_, n) => {
      add(n % 2 === 0 ? 100_000 : 10, { host: say`192.0.2.1` })
      add(n % 2 === 0 ? 10 : 100_000, { host: say`192.0.2.2` })
      return second()
    })
      .flat()
      .filter(({ type }) => type === 'warning:raised')
    expect(warnings.length).toBeLessThan(16)
  })

  it('is told anew seldom, however long it goes on', () => {
    const { second, add } = watched()
    const warnings = Array.from({ length: 600 }, () => {
      add(100)
      return second()
    })
      .flat()
      .filter(({ type }) => type === 'warning:raised')
    expect(warnings.length).toBeLessThan(16)
    expect(warnings.at(-1)).toHaveProperty('cause', expect.stringContaining('100/s'))
  })
})
