/** A series of pings and what people know from `ping` at its end. */
import { roundMs } from '../../core/clock.ts'
import type { Failure } from '../../core/failure.ts'
import { formatDuration, formatMs, formatShare } from '../../core/format.ts'
import { addLoss, addRtt, deviationMs, NO_PINGS, type PingStats, p95Ms } from '../../core/ping-stats.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { Reply } from '../command.ts'

/** What a row of pings to one peer has come to so far. */
export interface PingSeries {
  sent: number
  /** All that were answered, the cold ones too: those are no part of the statistics over RTTs. */
  answered: number
  stats: PingStats
  /** Set when the latest ping was lost. */
  lastFailure: Failure | undefined
}

/** The series before its first ping. */
export const NOTHING_SENT: PingSeries = { sent: 0, answered: 0, stats: NO_PINGS, lastFailure: undefined }

/** The series with one more ping. */
export function series(before: PingSeries, outcome: { rttMs: number; cold: boolean } | Failure): PingSeries {
  const sent = before.sent + 1
  if ('cause' in outcome) {
    return { ...before, sent, stats: addLoss(before.stats, outcome.cause), lastFailure: outcome }
  }
  const stats = addRtt(before.stats, outcome.rttMs, outcome.cold)
  return { sent, answered: before.answered + 1, stats, lastFailure: undefined }
}

/** The line at the end of a series. `peer`: what it is called. */
export function statisticsReply(
  { peerId, peer }: { peerId: SafeText; peer: SafeText },
  { sent, answered, stats }: PingSeries,
  durationMs: number,
): Reply {
  const loss = (sent - answered) / sent
  const { minMs, meanMs, maxMs, jitterMs, coldMs } = stats
  const [mdevMs, p95] = [deviationMs(stats), p95Ms(stats)]
  const figures =
    meanMs === undefined
      ? []
      : [
          say`min/avg/max/mdev ${joinSlash(minMs, meanMs, maxMs, mdevMs)}`,
          say`p95 ${formatMs(p95)}`,
          say`jitter ${formatMs(jitterMs)}`,
        ]
  return {
    tone: answered === 0 ? 'bad' : loss > 0 ? 'warn' : 'good',
    text: joinSafe(
      [
        say`${peer}: ${sent} sent, ${answered} received, ${formatShare(loss)} lost in ${formatDuration(durationMs)}`,
        ...figures,
        ...(coldMs === undefined ? [] : [say`cold ${formatMs(coldMs)}`]),
      ],
      ' · ',
    ),
    data: {
      type: 'ping:statistics',
      peerId,
      sent,
      received: answered,
      lossRatio: loss,
      durationMs: roundMs(durationMs),
      minMs,
      avgMs: rounded(meanMs),
      maxMs,
      mdevMs: rounded(mdevMs),
      p95Ms: p95,
      jitterMs: rounded(jitterMs),
      coldMs,
    },
  }
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : roundMs(ms)
}

function joinSlash(...times: (number | undefined)[]): SafeText {
  const [first = say``, ...others] = times.map(formatMs)
  return others.reduce((line, time) => say`${line} / ${time}`, first)
}
