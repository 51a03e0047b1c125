import { withoutPeerId } from '../../core/address.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Punch } from '../../core/swarm.ts'
import type { EventReducers } from './reducing.ts'
import type { SwarmState } from './state.ts'

/** How many punches are remembered: those that began last. */
export const MAX_PUNCHES = 50

/** How the latest hole punch with each peer goes, or went. */
export const punchReducers: EventReducers = {
  'punch:started': (state, { peerId, time }) => {
    const punches = state.punches.set(peerId, { peerId, startedAt: time, state: 'started' })
    return { ...state, punches: punches.size > MAX_PUNCHES ? withoutOldest(punches) : punches }
  },
  'punch:tried': (state, { peerId, how, attempt, attempts, addresses }) =>
    update(state, peerId, { latest: { how, attempt, attempts, addresses } }),
  'punch:succeeded': (state, { peerId, address, durationMs }) =>
    update(state, peerId, { state: 'succeeded', address, durationMs }),
  'punch:failed': (state, { peerId, cause, hint, durationMs }) =>
    update(state, peerId, { state: 'failed', failure: { cause, hint }, durationMs }),
  'node:stopped': state => ({ ...state, punches: state.punches.clear() }),
}

/** The far end of the hole that was punched to a peer last; a peer that was simply dialed has none. */
export function holeOf({ punches }: SwarmState, peerId: SafeText): SafeText | undefined {
  const { latest, address } = punches.get(peerId) ?? {}
  return latest?.how === 'punch' ? address : undefined
}

/** Whether an address is the far end of the hole that is being punched to a peer. */
export function isHole(state: SwarmState, peerId: SafeText, address: SafeText): boolean {
  const { state: progress, latest } = state.punches.get(peerId) ?? {}
  if (progress !== 'started' || latest?.how !== 'punch') return false
  return latest.addresses.includes(withoutPeerId(address))
}

function update(state: SwarmState, peerId: SafeText, news: Partial<Punch>): SwarmState {
  const punch = state.punches.get(peerId)
  return punch === undefined ? state : { ...state, punches: state.punches.set(peerId, { ...punch, ...news }) }
}

function withoutOldest(punches: SwarmState['punches']): SwarmState['punches'] {
  const oldest = punches.minBy(({ startedAt }) => startedAt)
  return oldest === undefined ? punches : punches.delete(oldest.peerId)
}
