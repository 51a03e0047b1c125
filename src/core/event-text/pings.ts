import { formatCount, formatDuration, formatMs, shortPeerId } from '../format.ts'
import { safeText, say } from '../safe-text.ts'
import type { Tellers } from './telling.ts'

/** Pings: ours, and those of others. */
export const pingTellers: Tellers<'ping'> = {
  'ping:started': ({ peerId, intervalMs }) => [
    'plain',
    say`pinging ${shortPeerId(peerId)} every ${formatDuration(intervalMs)}`,
  ],
  'ping:stopped': ({ peerId }) => ['plain', say`no longer pinging ${shortPeerId(peerId)}`],
  'ping:succeeded': ({ peerId, rttMs, cold }) => [
    'plain',
    say`${shortPeerId(peerId)} answered in ${formatMs(rttMs)}${cold ? say` (first on its stream)` : say``}`,
  ],
  'ping:failed': ({ peerId, kind, cause }) => [
    kind === 'unsupported' ? 'warn' : 'bad',
    say`${shortPeerId(peerId)} did not answer: ${cause} (${safeText(kind)})`,
  ],
  'ping:answered': ({ peerId, count = 1 }) => [
    'dim',
    count > 1
      ? say`answered ${formatCount(count)} pings of ${shortPeerId(peerId)}`
      : say`answered a ping of ${shortPeerId(peerId)}`,
  ],
}
