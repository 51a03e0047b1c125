import type { SafeText } from '../../core/safe-text.ts'
import type { Reservation } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'

/** Reservations that we have and that we grant. */
export const relayReducers: EventReducers = {
  'relay:reserved': (state, { peerId, addresses, expiresAt, limitBytes, limitMs }) => ({
    ...state,
    relays: state.relays.set(peerId, reservation(peerId, expiresAt, addresses, { limitBytes, limitMs })),
  }),
  'relay:lost': (state, { peerId }) => ({ ...state, relays: state.relays.delete(peerId) }),
  'relay:granted': (state, { peerId, expiresAt, limitBytes, limitMs }) => ({
    ...state,
    granted: state.granted.set(peerId, reservation(peerId, expiresAt, [], { limitBytes, limitMs })),
  }),
  'relay:released': (state, { peerId }) => ({ ...state, granted: state.granted.delete(peerId) }),
  'node:stopped': state => ({ ...state, relays: state.relays.clear(), granted: state.granted.clear() }),
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
