import { withoutPeerId } from '../../core/address.ts'
import { formatAge, formatBytes, formatRate, NONE, plural } from '../../core/format.ts'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Peer, Presence } from '../../core/swarm.ts'
import { connectionsOf } from '../../store/selectors/node-rows.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import { field, indented, section } from '../../ui/fields.ts'
import type { Glyphs } from '../../ui/glyphs.ts'
import type { Span } from '../../ui/spans.ts'
import { connectionLines } from './connection-lines.ts'
import { pingLines } from './ping-lines.ts'

/** What detail lines are made for. */
export interface DetailContext {
  columns: number
  /** Time now, ms since the epoch. */
  now: number
  glyphs: Glyphs
}

const STATES: Readonly<Record<Presence, SafeText>> = {
  connected: say`connected`,
  heard: say`heard, not connected`,
  expired: say`expired: not heard any more`,
  known: say`known, not connected`,
}

/** All that is known of a peer, as rows. */
export function peerLines(swarm: SwarmState, peer: Peer, context: DetailContext): Span[][] {
  return [
    ...identityLines(peer, context),
    ...connectionLines(connectionsOf(swarm, peer), context),
    ...pingLines(peer, context),
    ...addressLines(peer, context),
    ...section(say`Protocols`, say`${peer.protocols.length}`),
    ...(peer.protocols.length === 0
      ? [indented({ text: identifyText(peer), style: 'dim' })]
      : peer.protocols.map(protocol => indented({ text: protocol }))),
  ]
}

function identityLines(peer: Peer, { columns, now, glyphs }: DetailContext): Span[][] {
  const { presence, dialFailure } = peer
  return [
    ...(peer.name === undefined ? [] : field(say`Name`, peer.name, columns, 'strong')),
    ...field(say`Peer ID`, peer.peerId, columns, 'strong'),
    ...field(
      say`State`,
      say`${glyphs.presence[presence]} ${STATES[presence]}`,
      columns,
      stateStyle(presence),
    ),
    ...field(say`Agent`, peer.agentVersion ?? identifyText(peer), columns),
    ...(peer.protocolVersion === undefined ? [] : field(say`Version`, peer.protocolVersion, columns)),
    ...(peer.observedAddress === undefined
      ? []
      : field(say`Sees us at`, withoutPeerId(peer.observedAddress), columns)),
    ...keepLines(peer, { columns, now, glyphs }),
    ...field(say`First seen`, say`${formatAge(now - peer.firstSeen)} ago`, columns),
    ...field(say`Traffic`, trafficText(peer), columns),
    ...(dialFailure === undefined
      ? []
      : [
          ...field(
            say`Last dial`,
            say`failed at ${safeText(dialFailure.stage)}: ${dialFailure.cause}`,
            columns,
            'bad',
          ),
          ...field(say``, dialFailure.hint, columns, 'dim'),
        ]),
  ]
}

/** That its connection is kept, and when it is tried again. */
function keepLines({ keep, presence }: Peer, { columns, now }: DetailContext): Span[][] {
  if (keep === undefined) return []
  if (presence === 'connected' || keep.nextAt === undefined)
    return field(say`Kept`, say`dialed again if lost`, columns)
  const tries = plural(keep.attempt, say`failed try`, say`failed tries`)
  return field(say`Kept`, say`${tries}, next in ${formatAge(keep.nextAt - now)}`, columns, 'warn')
}

/** Every address with who told us of it, and whether that still holds. */
function addressLines(peer: Peer, { columns, now }: DetailContext): Span[][] {
  const heard = peer.sightings.flatMap(({ source, lastSeen, current, addresses, earlier = [] }) => {
    const before = earlier.map(seen => say`${safeText(seen.source)} ${formatAge(now - seen.lastSeen)} ago`)
    const from = before.length === 0 ? say`` : say` from earlier runs: ${joinSafe(before, ', ')}`
    const age = before.length > 0 ? say`` : say` ${formatAge(now - lastSeen)} ago`
    const how = say`${safeText(source)}${age}${from}${current ? say`` : say`, no longer`}`
    const style = current ? undefined : 'dim'
    if (addresses.length === 0) return [indented({ text: how, style: 'dim' })]
    return [
      indented({ text: how, style: 'dim' }),
      ...addresses.flatMap(address => field(say``, withoutPeerId(address), columns, style)),
    ]
  })
  const claimed =
    peer.claimedAddresses.length === 0
      ? []
      : [
          indented({ text: say`says itself (identify)`, style: 'dim' }),
          ...peer.claimedAddresses.flatMap(address => field(say``, withoutPeerId(address), columns)),
        ]
  const lines = [...heard, ...claimed]
  return [
    ...section(say`Addresses`, say`${peer.addresses.length}`),
    ...(lines.length === 0 ? [indented({ text: say`none known`, style: 'dim' })] : lines),
  ]
}

function identifyText({ identify }: Peer): SafeText {
  switch (identify) {
    case 'pending':
      return say`asking (identify is under way)`
    case 'failed':
      return say`unknown: it did not identify itself`
    case 'none':
      return say`unknown until connected`
    case 'done':
      return NONE
  }
}

function trafficText({ bytesIn, bytesOut, rateIn, rateOut }: Peer): SafeText {
  const totals = [say`in ${formatBytes(bytesIn)}`, say`out ${formatBytes(bytesOut)}`]
  const rates = say`now ${formatRate(rateIn)} in, ${formatRate(rateOut)} out`
  return joinSafe([joinSafe(totals, ', '), rates], ' · ')
}

function stateStyle(presence: Presence): Span['style'] {
  return presence === 'connected' ? 'good' : presence === 'heard' ? undefined : 'dim'
}
