import type { SafeText } from '../../core/safe-text.ts'
import type { Reservation } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

/** Reservations that we have and that we grant. */
export const relayReducers: EventReducers = {
  'relay:reserved': (state, { peerId, addresses, expiresAt, limitBytes, limitMs }) => ({
    ...state,
    relays: state.relays.set(peerId, reservation(peerId, expiresAt, addresses, { limitBytes, limitMs })),
    awaited: state.awaited.filterNot(
      (_, key) => key === peerId || addresses[0]?.startsWith(`${key}/`) === true,
    ),
  }),
  'relay:awaited': (state, { peerId, address, attempts, nextInMs, time }) => ({
    ...state,
    awaited: state.awaited.set(peerId ?? address ?? '', {
      ...(peerId === undefined ? {} : { peerId }),
      ...(address === undefined ? {} : { address }),
      attempts,
      nextAt: time + nextInMs,
    }),
  }),
  'relay:unwanted': (state, { peerId }) => ({ ...state, awaited: state.awaited.delete(peerId) }),
  'relay:started': (state, { reservations, circuits, limitBytes, limitMs }) => ({
    ...state,
    relayService: {
      reservations,
      circuits,
      ...(limitBytes === undefined ? {} : { limitBytes }),
      ...(limitMs === undefined ? {} : { limitMs }),
    },
  }),
  'relay:lost': (state, { peerId }) => ({ ...state, relays: state.relays.delete(peerId) }),
  'relay:granted': (state, { peerId, expiresAt, limitBytes, limitMs }) => ({
    ...state,
    granted: state.granted.set(peerId, {
      ...reservation(peerId, expiresAt, [], { limitBytes, limitMs }),
      ...pastUse(state.granted.get(peerId)),
    }),
  }),
  'circuit:opened': (state, { circuitId, peerId, toPeerId, time }) => ({
    ...state,
    circuits: state.circuits.set(circuitId, {
      circuitId,
      peerId,
      toPeerId,
      openedAt: time,
      bytesTo: 0,
      bytesBack: 0,
    }),
  }),
  'circuit:measured': (state, { circuitId, bytesTo, bytesBack }) => {
    const circuit = state.circuits.get(circuitId)
    if (circuit === undefined) return state
    return { ...state, circuits: state.circuits.set(circuitId, { ...circuit, bytesTo, bytesBack }) }
  },
  'circuit:closed': (state, { circuitId, toPeerId, bytesTo, bytesBack }) => ({
    ...state,
    circuits: state.circuits.delete(circuitId),
    granted: used(state.granted, toPeerId, bytesTo + bytesBack),
  }),
  'relay:released': (state, { peerId }) => ({ ...state, granted: state.granted.delete(peerId) }),
  'node:stopped': state => ({
    ...state,
    relays: state.relays.clear(),
    granted: state.granted.clear(),
    awaited: state.awaited.clear(),
    circuits: state.circuits.clear(),
  }),
}

function reservation(
  peerId: SafeText,
  expiresAt: number,
  addresses: readonly SafeText[],
  { limitBytes, limitMs }: { limitBytes: number | undefined; limitMs: number | undefined },
): Reservation {
  return {
    peerId,
    addresses,
    expiresAt,
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(limitMs === undefined ? {} : { limitMs }),
  }
}

/** What a reservation that is renewed was used for. */
function pastUse(before: Reservation | undefined): Pick<Reservation, 'relayed'> {
  return before?.relayed === undefined ? {} : { relayed: before.relayed }
}

/** One more connection to a holder is over. */
function used(granted: SwarmState['granted'], holder: SafeText, bytes: number): SwarmState['granted'] {
  const reservation = granted.get(holder)
  if (reservation === undefined) return granted
  const before = reservation.relayed ?? { circuits: 0, bytes: 0 }
  const relayed = { circuits: before.circuits + 1, bytes: before.bytes + bytes }
  return granted.set(holder, { ...reservation, relayed })
}
