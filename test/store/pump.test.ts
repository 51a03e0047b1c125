import { expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import type { NodePort } from '../../src/core/port.ts'
import { say } from '../../src/core/safe-text.ts'
import { COMMIT_EVERY_MS, pump } from '../../src/store/pump.ts'
import { Store } from '../../src/store/store.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { numbered } from '../support/swarm-events.ts'

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
  await clock.advanceAsync(100 * COMMIT_EVERY_MS, COMMIT_EVERY_MS / 8)
  expect(pulls()).toBe(103)
})

it('folds a large batch in parts, between which a key is seen, and shows it once', async () => {
  const clock = new ManualClock()
  const events = numbered(
    ...Array.from(
      { length: 700 },
      (): NewEvent => ({ type: 'ping:failed', peerId: say`a`, kind: 'timeout', cause: say`late` }),
    ),
  )
  const batches = [{ events, dropped: 3 }]
  const port = {
    subscribe: () => ({ next: async () => batches.shift() ?? new Promise(() => {}), close() {} }),
    ended: new Promise(() => {}),
  } as unknown as NodePort
  const store = new Store()
  let shown = 0
  store.subscribe(() => {
    shown += 1
  })
  void pump(port, store, clock)
  await settled()
  // What stands in the log already, the gap before it included, is there for whoever presses a key now.
  expect(store.log.end).toBe(129)
  expect(shown).toBe(0)
  store.dispatch({ type: 'focus', pane: 'log' })
  expect(shown).toBe(1)
  for (let part = 0; part < 5; part += 1) await clock.advanceAsync(1)
  expect(store.log.end).toBe(701)
  expect(store.swarm.seq).toBe(700)
  expect(shown).toBe(2)
})
