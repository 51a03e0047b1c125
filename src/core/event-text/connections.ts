import { failedFirst } from '../dial-others.ts'
import type { NodeEvent } from '../events.ts'
import { formatBytes, formatCount, formatDuration, formatMs, shortPeerId } from '../format.ts'
import { joinSafe, type SafeText, safeText, say } from '../safe-text.ts'
import { type Tellers, why } from './telling.ts'

/** Dials, connections and their streams. */
export const connectionTellers: Tellers<'dial' | 'connection' | 'stream'> = {
  'dial:started': ({ target }) => ['plain', say`dialing ${target}`],
  'dial:progressed': ({ target, stage, elapsedMs, detail }) => [
    'dim',
    say`${safeText(stage)} after ${formatMs(elapsedMs)}: ${detail ?? target}`,
  ],
  'dial:succeeded': ({ peerId, address, durationMs, existing, others }) => [
    'good',
    existing
      ? say`already connected to ${shortPeerId(peerId)} over ${address}`
      : say`dialed ${shortPeerId(peerId)} over ${address} in ${formatMs(durationMs)}${failedFirst(others)}`,
  ],
  'dial:failed': event => [
    'bad',
    say`cannot dial ${event.target}: ${why(event)}${tried(event.attempts.length)}`,
  ],

  'connection:opened': event => [
    'good',
    say`${shortPeerId(event.peerId)} connected, ${safeText(event.direction)} over ${event.address} (${joinSafe([event.transport, event.encryption, event.muxer], ', ')}${relayed(event)})`,
  ],
  'connection:closed': ({ peerId, reason, durationMs, bytesIn, bytesOut, count = 1, host }) => [
    'warn',
    count > 1
      ? say`${formatCount(count)} connections of ${host ?? say`others`} came and went, the last of ${shortPeerId(peerId)}: ${reason} (in ${formatBytes(bytesIn)}, out ${formatBytes(bytesOut)})`
      : say`${shortPeerId(peerId)} disconnected after ${formatDuration(durationMs)}: ${reason} (in ${formatBytes(bytesIn)}, out ${formatBytes(bytesOut)})`,
  ],
  'connection:refused': ({ direction, peerId, address, reason }) => [
    'bad',
    say`refused ${safeText(direction)} connection ${direction === 'inbound' ? say`from` : say`to`} ${party(peerId, address)}: ${reason}`,
  ],
  'connection:pruned': ({ peerId, reason }) => ['warn', say`${shortPeerId(peerId)} pruned: ${reason}`],

  'connection:upgraded': ({ peerId }) => [
    'good',
    say`${shortPeerId(peerId)} is connected directly now, no longer through a relay`,
  ],

  'stream:opened': ({ peerId, protocol, direction }) => [
    'dim',
    say`${shortPeerId(peerId)} ${protocol} opened, ${safeText(direction)}`,
  ],
  'stream:closed': ({ peerId, protocol, reason, bytesIn, bytesOut, count = 1 }) => [
    'dim',
    count > 1
      ? say`${formatCount(count)} streams of ${shortPeerId(peerId)} came and went, the last ${protocol}: ${reason} (in ${formatBytes(bytesIn)}, out ${formatBytes(bytesOut)})`
      : say`${shortPeerId(peerId)} ${protocol} closed: ${reason} (in ${formatBytes(bytesIn)}, out ${formatBytes(bytesOut)})`,
  ],
  'stream:refused': ({ peerId, reason }) => [
    'bad',
    say`refused a stream${peerId === undefined ? say`` : say` of ${shortPeerId(peerId)}`}: ${reason}`,
  ],
}

function relayed(event: NodeEvent<'connection:opened'>): SafeText {
  if (event.relayed !== true) return say``
  const limits = [
    ...(event.limitBytes === undefined ? [] : [formatBytes(event.limitBytes)]),
    ...(event.limitMs === undefined ? [] : [formatDuration(event.limitMs)]),
  ]
  return limits.length === 0 ? say`, relayed` : say`, relayed for ${joinSafe(limits, ', ')}`
}

function tried(attempts: number): SafeText {
  return attempts < 2 ? say`` : say` (${attempts} addresses tried)`
}

function party(peerId: SafeText | undefined, address: SafeText | undefined): SafeText {
  const parts = [peerId === undefined ? undefined : shortPeerId(peerId), address]
  const known = parts.filter(part => part !== undefined)
  return known.length === 0 ? say`someone unknown` : joinSafe(known, ' ')
}
