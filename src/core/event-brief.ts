/** What happened, in so few words that a narrow log can show it: the telling part first, addresses short and last. */
import { endpointOf, withoutPeerId } from './address.ts'
import { describeEvent, type EventText } from './event-text.ts'
import type { NodeEvent, NodeEventType } from './events.ts'
import { formatBytes, formatCount, formatDuration, formatMs, shortPeerId } from './format.ts'
import { limitLabel } from './limit-terms.ts'
import { shortProtocol } from './protocol.ts'
import { type SafeText, safeText, say } from './safe-text.ts'

type Tellers = { readonly [T in NodeEventType]?: (event: NodeEvent<T>) => SafeText }

/** {@link describeEvent} in fewer words; all the words are a key press away. Pure. `told`: what that says already. */
export function describeBriefly(event: NodeEvent, told = describeEvent(event)): EventText {
  const teller = TELLERS[event.type] as ((event: NodeEvent) => SafeText) | undefined
  if (teller === undefined) return told
  const count = 'count' in event && !COUNTED_IN_WORDS.has(event.type) ? event.count : undefined
  return {
    ...told,
    text: say`${teller(event)}${count === undefined || count < 2 ? say`` : say`,${times(count)}`}`,
  }
}

/** Events whose words say themselves how many they stand for. */
const COUNTED_IN_WORDS: ReadonlySet<NodeEventType> = new Set([
  'connection:closed',
  'connection:refused',
  'stream:closed',
  'stream:refused',
])

const TELLERS: Tellers = {
  'node:started': ({ peerId, agentVersion, profile }) =>
    say`started as ${shortPeerId(peerId)}, ${profile === undefined ? say`ephemeral` : say`profile ${profile}`} (${agentVersion})`,
  'listen:opened': ({ address }) => say`listening on ${endpointOf(address)}`,
  'listen:closed': ({ address }) => say`no longer listening on ${withoutPeerId(address)}`,
  'listen:failed': ({ address, cause }) => say`cannot listen on ${withoutPeerId(address)}: ${cause}`,

  'peer:discovered': ({ peerId, source, addresses: [first, ...others] }) => {
    const peer = shortPeerId(peerId)
    if (first === undefined) return say`${peer} found (${safeText(source)})`
    const more = others.length === 0 ? say`` : say` +${others.length}`
    const how = source === 'mdns' ? say` (mdns)` : say``
    return say`${peer} ${FOUND[source]} ${endpointOf(first)}${more}${how}`
  },
  'peer:expired': ({ peerId, source, reason }) =>
    reason === 'goodbye'
      ? say`${shortPeerId(peerId)} left, said goodbye`
      : say`${shortPeerId(peerId)} expired, ${reason === 'room' ? say`crowded out` : say`not heard`} (${safeText(source)})`,
  'peer:unidentified': ({ peerId, cause }) => say`${shortPeerId(peerId)} not identified: ${cause}`,

  'dial:started': ({ target }) => say`dialing ${targetOf(target)}`,
  'dial:progressed': ({ target, stage, elapsedMs, detail }) =>
    say`${safeText(stage)} +${formatMs(elapsedMs)} ${targetOf(detail ?? target)}`,
  'dial:succeeded': ({ peerId, address, durationMs, existing, others = [] }) =>
    existing
      ? say`already connected to ${shortPeerId(peerId)}`
      : say`dialed ${shortPeerId(peerId)} in ${formatMs(durationMs)}${failedCount(others)} at ${endpointOf(address)}`,
  'dial:failed': ({ target, stage, cause }) =>
    say`failed: ${cause} (${safeText(stage)}), ${targetOf(target)}`,

  'connection:opened': ({ peerId, direction, address, transport }) => {
    const over = transport === 'tcp' ? say`` : say` (${transport})`
    return say`${shortPeerId(peerId)} connected, ${safeText(direction)} ${endpointOf(address)}${over}`
  },
  'connection:closed': ({ peerId, reason, durationMs, count = 1, host }) =>
    count > 1
      ? say`${formatCount(count)} connections of ${host ?? say`others`} came and went`
      : say`${shortPeerId(peerId)} ${ended(reason)}, ${formatDuration(durationMs)}`,
  'connection:refused': ({ direction, peerId, address, reason, limit, count }) => {
    const who = peerId === undefined ? say`` : say` ${shortPeerId(peerId)}`
    const where = address === undefined ? say`` : say` ${endpointOf(address)}`
    return say`refused ${safeText(direction)}${who}${times(count)}: ${limit === undefined ? reason : limitLabel(limit)},${where}`.replace(
      /,$/,
      '',
    ) as SafeText
  },

  'stream:refused': ({ peerId, limit, count }) =>
    say`refused a stream${peerId === undefined ? say`` : say` of ${shortPeerId(peerId)}`}${times(count)}: ${limitLabel(limit)}`,
  'stream:opened': ({ peerId, protocol, direction }) =>
    say`${shortPeerId(peerId)} ${shortProtocol(protocol)} opened ${direction === 'inbound' ? say`in` : say`out`}`,
  'stream:closed': ({ peerId, protocol, reason, bytesIn, bytesOut, count = 1 }) => {
    if (count > 1) return say`${formatCount(count)} streams of ${shortPeerId(peerId)} came and went`
    const why = /^(done|closed)$/i.test(reason) ? say`` : say`: ${reason}`
    return say`${shortPeerId(peerId)} ${shortProtocol(protocol)} closed${why}, in ${formatBytes(bytesIn)}, out ${formatBytes(bytesOut)}`
  },

  'ping:succeeded': ({ peerId, rttMs, cold }) =>
    say`${shortPeerId(peerId)} answered in ${formatMs(rttMs)}${cold ? say`, cold` : say``}`,
  'ping:failed': ({ peerId, kind, cause }) => say`${shortPeerId(peerId)} ${safeText(kind)}: ${cause}`,

  'address:checked': ({ address, reachable, peerId }) =>
    say`${reachable ? say`reachable` : say`closed`}: ${endpointOf(address)}${peerId === undefined ? say`` : say`, says ${shortPeerId(peerId)}`}`,
  'address:lost': ({ address, reason }) => say`lost ${endpointOf(address)}: ${reason}`,
  'autonat:asked': ({ peerId, address }) => say`asked ${shortPeerId(peerId)} to try ${endpointOf(address)}`,
  'autonat:refused': ({ peerId, address, cause }) =>
    say`${shortPeerId(peerId)} not tried: ${cause}, ${endpointOf(address)}`,
  'autonat:answered': ({ peerId, address, reachable }) =>
    say`dialed ${shortPeerId(peerId)} back: ${reachable ? say`reachable` : say`closed`}, ${endpointOf(address)}`,
  'upnp:mapped': ({ address }) => say`router forwards ${endpointOf(address)}`,
  'upnp:unmapped': ({ address, reason }) => say`router forwards ${endpointOf(address)} no more: ${reason}`,
  'upnp:failed': ({ cause }) => say`UPnP: ${cause}`,

  'warning:raised': ({ topic, cause }) => say`${safeText(topic)}: ${cause}`,
}

const FOUND = {
  mdns: say`heard at`,
  inbound: say`dialed us,`,
  dialed: say`found by dialing`,
  known: say`known at`,
  dht: say`found at`,
  bootstrap: say`given at`,
} as const

/** A target as a dial was given it: a multiaddr or a Peer ID; other words are left alone. */
function targetOf(target: SafeText): SafeText {
  if (!target.startsWith('/')) return /^\w{40,}$/.test(target) ? shortPeerId(target) : target
  const endpoint = endpointOf(target)
  return endpoint === '' ? shortPeerId(safeText(target.slice(target.lastIndexOf('/') + 1))) : endpoint
}

/** How many one line stands for. */
function times(count: number | undefined): SafeText {
  return count === undefined || count < 2 ? say`` : say` ${formatCount(count)} times`
}

/** How many addresses failed before one won; which and why is a key press away. */
function failedCount(others: readonly { cause?: SafeText | undefined }[]): SafeText {
  const failed = others.filter(({ cause }) => cause !== undefined).length
  return failed === 0 ? say`` : say` (${failed} failed)`
}

/** Why a connection ended, without the words that a line on a connection can do without. */
function ended(reason: SafeText): SafeText {
  return reason
    .replace(/^You hung up$/, 'closed: you hung up')
    .replace(/^The other side closed it$/, 'closed by the peer')
    .replace(/^The other side /, 'closed: the peer ')
    .replace(/^(?!closed)/, 'closed: ') as SafeText
}
