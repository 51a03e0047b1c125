import { expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { Retries } from '../../../src/node/relays/retries.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const RELAY = '/ip4/192.0.2.1/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'

it('asks nobody once the node has stopped, also who fails after that', async () => {
  const clock = new ManualClock()
  const events: NewEvent[] = []
  let asked = 0
  const retries = new Retries({ clock, emit: event => events.push(event) }, async () => {
    asked += 1
  })
  retries.begin(RELAY)
  retries.stop()
  retries.begin(RELAY)
  await clock.advanceAsync(60_000, 1_000)
  expect(asked).toBe(0)
  expect(events.map(({ type }) => type)).toEqual(['relay:awaited'])
})
