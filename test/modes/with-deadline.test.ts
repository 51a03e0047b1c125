import { expect, it } from 'vitest'
import { RequestFailed } from '../../src/core/failure.ts'
import { withDeadline } from '../../src/modes/with-deadline.ts'
import { startFakePort } from '../../src/node/fake/fake-port.ts'
import { failureOf } from '../support/failures.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { text } from '../support/swarms.ts'

it('ends all requests by one moment, and says how much time there was', async () => {
  const clock = new ManualClock()
  const { port } = startFakePort({ clock, lively: false })
  await clock.advanceAsync(100, 10)
  const hurried = withDeadline(port, clock, 1000)
  await clock.advanceAsync(400, 10)
  const nobody = hurried.request('dial', { target: '/ip4/192.0.2.1/tcp/4001' })
  const failure = failureOf(() => nobody)
  await clock.advanceAsync(599, 10)
  let ended = false
  void nobody.catch(() => {
    ended = true
  })
  expect(ended).toBe(false)
  await clock.advanceAsync(10, 1)
  expect(await failure).toMatchObject({ stage: 'request', cause: 'Took longer than 1 s' })
  await port.stop()
})

it('leaves other failures as they are', async () => {
  const clock = new ManualClock()
  const refused = { stage: 'connect', cause: text('Nothing listens'), hint: text('Check') } as const
  const port = {
    request: () => Promise.reject(new RequestFailed(refused)),
    stop: async () => {},
    ended: new Promise<never>(() => {}),
    subscribe: () => ({ next: async () => undefined, close: () => {} }),
  }
  expect(await failureOf(() => withDeadline(port, clock, 10).request('dial', { target: 'x' }))).toEqual(
    refused,
  )
})
