import { expect, it } from 'vitest'
import type { NodePort } from '../../src/core/port.ts'
import { COMMIT_EVERY_MS, pump } from '../../src/store/pump.ts'
import { Store } from '../../src/store/store.ts'
import { ManualClock } from '../support/manual-clock.ts'

/** A port that always has something to tell, and how often it was asked. */
function busyPort() {
  let pulls = 0
  const subscription = {
    next: async () => {
      pulls += 1
      return { events: [], dropped: 0 }
    },
    close() {},
  }
  const port = { subscribe: () => subscription, ended: new Promise(() => {}) } as unknown as NodePort
  return { port, pulls: () => pulls }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

it('shows two commits at once after a quiet moment, and under load one in its time', async () => {
  const clock = new ManualClock()
  const { port, pulls } = busyPort()
  void pump(port, new Store(), clock)
  await settled()
  expect(pulls()).toBe(2)

  await clock.advanceAsync(COMMIT_EVERY_MS - 1)
  expect(pulls()).toBe(2)
  await clock.advanceAsync(1)
  expect(pulls()).toBe(3)
  await clock.advanceAsync(100 * COMMIT_EVERY_MS, COMMIT_EVERY_MS / 6)
  expect(pulls()).toBe(103)
})
