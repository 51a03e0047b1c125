import { expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { type SafeText, say } from '../../src/core/safe-text.ts'
import { News } from '../../src/store/news.ts'
import { numbered, stateAfter } from '../support/swarm-events.ts'

const anna = say`anna`
const connected: NewEvent = {
  type: 'connection:opened',
  peerId: anna,
  connectionId: say`c1`,
  address: say`/ip4/192.168.1.7/tcp/4001`,
  direction: 'outbound',
  transport: say`tcp`,
  encryption: say`/noise`,
  muxer: say`/yamux/1.0.0`,
}
const measured = (more: { cold?: boolean; requestId?: SafeText } = {}): NewEvent => ({
  type: 'ping:succeeded',
  peerId: anna,
  rttMs: 2,
  cold: false,
  ...more,
})

/** Which of the events are news, minutes after the first of them; `before` has happened already. */
function news(events: readonly NewEvent[], minutes: readonly number[] = [], before: NewEvent[] = []) {
  const judge = new News()
  const state = stateAfter(connected, ...before)
  return numbered(...events).map((event, n) =>
    judge.isNews({ ...event, time: event.time + (minutes[n] ?? 0) * 60_000 }, state),
  )
}

it('what is measured by the way is no news, the first on a stream and what somebody asked for is', () => {
  expect(news([measured(), measured({ cold: true }), measured({ requestId: say`r` })])).toEqual([
    false,
    true,
    true,
  ])
})

it('each ping of a peer that a person keeps pinging is news', () => {
  const kept: NewEvent = { type: 'ping:started', peerId: anna, intervalMs: 1000 }
  expect(news([measured()], [], [kept])).toEqual([true])
  expect(news([measured()], [], [kept, { type: 'ping:stopped', peerId: anna }])).toEqual([false])
})

it('the pings of another are news once, and again after a while of silence', () => {
  const answered: NewEvent = { type: 'ping:answered', peerId: anna }
  const other: NewEvent = { type: 'ping:answered', peerId: say`bob` }
  expect(news([answered, answered, other, answered, answered], [0, 1, 1, 5, 20])).toEqual([
    true,
    false,
    true,
    false,
    true,
  ])
})

it('a lost ping always is', () => {
  const lost: NewEvent = { type: 'ping:failed', peerId: anna, kind: 'timeout', cause: say`No answer` }
  expect(news([lost, lost])).toEqual([true, true])
})
