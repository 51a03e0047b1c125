import type { SafeText } from '../../core/safe-text.ts'
import type { OwnAddress, ReachCheck } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

/** How many peers are kept that told of an address, or tried it: enough to judge by, and to name. */
const MOST_WITNESSES = 8

/** Where others can reach us, and from whom we know. */
export const reachReducers: EventReducers = {
  'address:learned': (state, { address, how, peerId }) =>
    changed(state, address, before => ({
      ...before,
      how,
      toldBy:
        peerId === undefined || before.toldBy.includes(peerId)
          ? before.toldBy
          : [...before.toldBy, peerId].slice(0, MOST_WITNESSES),
    })),
  'address:checked': (state, { address, reachable, peerId, time }) =>
    changed(state, address, before => {
      const checks = [
        ...before.checks.filter(check => check.peerId !== peerId),
        { reachable, time, ...(peerId === undefined ? {} : { peerId }) },
      ].slice(-MOST_WITNESSES)
      return { ...before, checks, reachable: verdict(checks) }
    }),
  'address:lost': (state, { address }) => ({ ...state, ownAddresses: state.ownAddresses.delete(address) }),
  'autonat:started': (state, { asks, answers }) => ({ ...state, autonat: { asks, answers } }),
  'upnp:mapped': (state, { gateway }) => ({ ...state, upnp: gateway === undefined ? {} : { gateway } }),
  'upnp:failed': (state, { stage, cause, hint }) => ({
    ...state,
    upnp: { ...state.upnp, failure: { stage, cause, hint } },
  }),
  'node:stopped': state => ({ ...state, ownAddresses: state.ownAddresses.clear() }),
}

/** At least as many got through as did not: one that cannot may be to blame itself. */
function verdict(checks: readonly ReachCheck[]): boolean {
  const open = checks.filter(({ reachable }) => reachable).length
  return open > 0 && open >= checks.length - open
}

function changed(
  state: SwarmState,
  address: SafeText,
  change: (before: OwnAddress) => OwnAddress,
): SwarmState {
  const before = state.ownAddresses.get(address) ?? {
    address,
    how: 'observed',
    toldBy: [],
    learnedAt: state.time,
    checks: [],
  }
  return { ...state, ownAddresses: state.ownAddresses.set(address, change(before)) }
}
