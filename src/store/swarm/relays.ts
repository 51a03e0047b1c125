import type { SafeText } from '../../core/safe-text.ts'
import type { OwnAddress, Reservation } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

/** Reservations that we have and that we grant, and where others can reach us. */
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

  'address:learned': (state, { address, how, peerId }) =>
    learned(state, address, before => ({
      ...before,
      how,
      ...(peerId === undefined ? {} : { toldBy: peerId }),
    })),
  'address:checked': (state, { address, reachable, peerId }) =>
    learned(state, address, before => ({
      ...before,
      reachable,
      ...(peerId === undefined ? {} : { checkedBy: peerId }),
    })),
  'upnp:mapped': (state, { address }) => learned(state, address, before => ({ ...before, how: 'upnp' })),
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

function learned(
  state: SwarmState,
  address: SafeText,
  change: (before: OwnAddress) => OwnAddress,
): SwarmState {
  const before = state.ownAddresses.get(address) ?? { address, how: 'observed', learnedAt: state.time }
  return { ...state, ownAddresses: state.ownAddresses.set(address, change(before)) }
}
