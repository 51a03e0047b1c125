import { expect, it } from 'vitest'
import { NOTHING_SENT, series, statisticsReply } from '../../../src/commands/replies/ping-series.ts'
import { text } from '../../support/swarms.ts'

const NAMED = { peerId: text('12D3KooWanna'), peer: text('anna') }
const lost = { stage: 'exchange', cause: text('late'), hint: text('again') } as const

it('keeps the cold ping out of the figures, but counts it as received', () => {
  const first = series(NOTHING_SENT, { rttMs: 50, cold: true })
  const only = statisticsReply(NAMED, first, 10)
  expect(only.text).toBe('anna: 1 sent, 1 received, 0 % lost in 0.0 s · cold 50.0 ms')
  const all = [1, 2, 3].reduce((before, rttMs) => series(before, { rttMs, cold: false }), first)
  const { data, text: line, tone } = statisticsReply(NAMED, series(all, lost), 4000)
  expect(line).toContain('5 sent, 4 received, 20 % lost in 4 s')
  expect(line).toContain('min/avg/max/mdev 1.00 ms / 2.00 ms / 3.00 ms / 0.816 ms')
  expect(tone).toBe('warn')
  expect(data).toMatchObject({ sent: 5, received: 4, minMs: 1, avgMs: 2, maxMs: 3, p95Ms: 3, coldMs: 50 })
})

it('has no figures when nothing was received', () => {
  const { text: line, tone } = statisticsReply(NAMED, series(NOTHING_SENT, lost), 1000)
  expect(line).toBe('anna: 1 sent, 0 received, 100 % lost in 1 s')
  expect(tone).toBe('bad')
})

it('gives figures to the microsecond, without the noise of floating point', () => {
  const all = [0.1, 0.2, 0.3].reduce((before, rttMs) => series(before, { rttMs, cold: false }), NOTHING_SENT)
  const { data } = statisticsReply(NAMED, all, 204.25894800000015)
  expect(data).toMatchObject({ durationMs: 204.259, avgMs: 0.2, mdevMs: 0.082, jitterMs: 0.1 })
})
