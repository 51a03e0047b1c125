/** Reservations, own addresses and what is known of reachability, as answers. */
import { formatBytes, formatTime } from '../../core/format.ts'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Circuit, OwnAddress, Punch, Reservation } from '../../core/swarm.ts'
import { reachabilityOf } from '../../store/selectors/reachability.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Reply } from '../command.ts'

/** Each address of this node, each reservation, each connection that it relays, and each hole punch. */
export function reachReplies({ ownAddresses, relays, granted, circuits, punches }: SwarmState): Reply[] {
  return [
    ...[...ownAddresses.values()].map(addressReply),
    ...[...relays.values()].map(held => reservationReply('held', say`held at`, held)),
    ...[...granted.values()].map(given => reservationReply('granted', say`granted to`, given)),
    ...[...circuits.values()].map(circuitReply),
    ...[...punches.values()].map(punchReply),
  ]
}

/** Whether others can reach this node, and why we think so. */
export function verdictReply(state: SwarmState): Reply {
  const { verdict, text, reasons } = reachabilityOf(state)
  return {
    tone: verdict === 'unreachable' ? 'warn' : 'plain',
    text: say`${text}: ${joinSafe(reasons, ', ')}`,
    data: {
      type: 'reachability',
      verdict,
      reasons: [...reasons],
      addresses: state.ownAddresses.size,
      relays: state.relays.size,
      granted: state.granted.size,
      upnp: state.upnp === undefined ? undefined : { ...state.upnp },
    },
  }
}

function addressReply({ address, how, toldBy, learnedAt, reachable, checks }: OwnAddress): Reply {
  const checked = reachable === undefined ? say`not tried` : reachable ? say`reachable` : say`closed`
  return {
    tone: 'plain',
    text: say`address ${address} ${safeText(how)} ${checked}`,
    data: {
      type: 'address',
      address,
      how,
      toldBy: [...toldBy],
      learnedAt,
      reachable,
      checks: checks.map(({ peerId, reachable, time }) => ({ peerId, reachable, time })),
    },
  }
}

function reservationReply(kind: 'held' | 'granted', words: SafeText, reservation: Reservation): Reply {
  const { peerId, addresses, expiresAt, limitBytes, limitMs, relayed } = reservation
  return {
    tone: 'plain',
    text: say`reservation ${words} ${peerId} until ${formatTime(expiresAt)}`,
    data: {
      type: 'reservation',
      kind,
      peerId,
      addresses: [...addresses],
      expiresAt,
      limitBytes,
      limitMs,
      relayed: relayed && { ...relayed },
    },
  }
}

function circuitReply({ circuitId, peerId, toPeerId, openedAt, bytesTo, bytesBack }: Circuit): Reply {
  return {
    tone: 'plain',
    text: say`relaying ${peerId} to ${toPeerId}, ${formatBytes(bytesTo)} there, ${formatBytes(bytesBack)} back`,
    data: { type: 'circuit', circuitId, peerId, toPeerId, openedAt, bytesTo, bytesBack },
  }
}

function punchReply({ peerId, startedAt, state, latest, address, failure, durationMs }: Punch): Reply {
  const end = address === undefined ? (failure?.cause ?? say`under way`) : say`direct over ${address}`
  return {
    tone: 'plain',
    text: say`punch ${peerId}: ${end}`,
    data: {
      type: 'punch',
      peerId,
      state,
      startedAt,
      attempt: latest?.attempt,
      address,
      failure: failure && { ...failure },
      durationMs,
    },
  }
}
