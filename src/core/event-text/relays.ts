import { formatBytes, formatDuration, formatMs, formatTime, plural, shortPeerId } from '../format.ts'
import { joinSafe, type SafeText, safeText, say } from '../safe-text.ts'
import { type Tellers, why } from './telling.ts'

/** Relays and hole punching. */
export const relayTellers: Tellers<'relay' | 'circuit' | 'punch'> = {
  'relay:reserved': ({ peerId, expiresAt, renewed, ...limits }) => [
    'good',
    say`relay ${shortPeerId(peerId)} ${renewed ? say`renewed our reservation` : say`reserves for us`} until ${formatTime(expiresAt, false)}${limitsPerConnection(limits)}`,
  ],
  'relay:failed': event => [
    'bad',
    say`no reservation${event.peerId === undefined ? say`` : say` at ${shortPeerId(event.peerId)}`}: ${why(event)}`,
  ],
  'relay:lost': ({ peerId, reason }) => ['warn', say`lost relay ${shortPeerId(peerId)}: ${reason}`],
  'relay:awaited': ({ peerId, address, attempts, nextInMs }) => [
    'dim',
    say`relay ${peerId === undefined ? (address ?? say`unknown`) : shortPeerId(peerId)} is asked again in ${formatDuration(nextInMs)}${attempts === 0 ? say`` : say`, ${plural(attempts, say`try`, say`tries`)} so far`}`,
  ],
  'relay:unwanted': ({ peerId }) => ['plain', say`relay ${shortPeerId(peerId)} is not asked any more`],
  'relay:started': ({ reservations, circuits, ...limits }) => [
    'good',
    say`relaying for others: ${reservations} reservations, ${circuits} connections a peer${limitsPerConnection(limits)}`,
  ],
  'relay:granted': ({ peerId, expiresAt, renewed, ...limits }) => [
    renewed ? 'dim' : 'plain',
    say`${renewed ? say`renewed` : say`granted`} ${shortPeerId(peerId)} a reservation until ${formatTime(expiresAt, false)}${limitsPerConnection(limits)}`,
  ],
  'relay:refused': ({ peerId, reason }) => [
    'warn',
    say`refused ${shortPeerId(peerId)} a reservation: ${reason}`,
  ],
  'relay:released': ({ peerId, reason }) => [
    'plain',
    say`the reservation of ${shortPeerId(peerId)} ended: ${reason}`,
  ],
  'circuit:opened': ({ peerId, toPeerId, ...limits }) => [
    'plain',
    say`relaying ${shortPeerId(peerId)} to ${shortPeerId(toPeerId)}${limitsPerConnection(limits)}`,
  ],
  'circuit:measured': ({ peerId, toPeerId, ...bytes }) => [
    'dim',
    say`relaying ${shortPeerId(peerId)} to ${shortPeerId(toPeerId)}: ${carried(bytes)}`,
  ],
  'circuit:closed': ({ peerId, toPeerId, reason, durationMs, ...bytes }) => [
    'plain',
    say`relayed ${shortPeerId(peerId)} to ${shortPeerId(toPeerId)} for ${formatDuration(durationMs)}: ${reason} (${carried(bytes)})`,
  ],
  'circuit:refused': ({ peerId, toPeerId, reason }) => [
    'warn',
    say`did not relay ${shortPeerId(peerId)}${toPeerId === undefined ? say`` : say` to ${shortPeerId(toPeerId)}`}: ${reason}`,
  ],
  'punch:started': ({ peerId }) => ['plain', say`punching a hole to ${shortPeerId(peerId)}`],
  'punch:tried': ({ peerId, how, attempt, attempts, addresses }) => [
    'dim',
    how === 'dial'
      ? say`dialing ${shortPeerId(peerId)} directly, which says that it is public: ${joinSafe(addresses, ', ')}`
      : say`punch ${attempt} of ${attempts}: ${shortPeerId(peerId)} and we dial each other, ${joinSafe(addresses, ', ')}`,
  ],
  'punch:succeeded': ({ peerId, address, durationMs }) => [
    'good',
    say`direct to ${shortPeerId(peerId)} now, over ${address}, after ${formatMs(durationMs)}`,
  ],
  'punch:failed': ({ peerId, cause, hint }) => [
    'warn',
    say`no direct connection to ${shortPeerId(peerId)}, the relayed one stays: ${cause}. ${hint}`,
  ],
}

function carried({ bytesTo, bytesBack }: { bytesTo: number; bytesBack: number }): SafeText {
  return say`${formatBytes(bytesTo)} there, ${formatBytes(bytesBack)} back`
}

interface Limits {
  limitBytes?: number | undefined
  limitMs?: number | undefined
}

/** What a relay allows one connection, after a comma; nothing where it has no limits. */
export function limitsPerConnection({ limitBytes, limitMs }: Limits): SafeText {
  const bytes = limitBytes === undefined ? say`` : say`, ${formatBytes(limitBytes)}`
  const time = limitMs === undefined ? say`` : say`, ${formatDuration(limitMs)}`
  const both = say`${bytes}${time}`
  return both === '' ? say`` : safeText(`${both} a connection`)
}
