import type { Stream } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { expect, it } from 'vitest'
import type { NewEvent } from '../../../../src/core/events.ts'
import { DEFAULT_RELAY_SERVER } from '../../../../src/node/options.ts'
import type { RelayContext } from '../../../../src/node/relays/relay-context.ts'
import { Circuit } from '../../../../src/node/relays/server/circuit.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { turns } from '../../../support/peers/until.ts'
import { ANNA, BERT } from '../../../support/swarms.ts'

it.each([
  ['who dialed', [true, false]],
  ['who was dialed', [false, true]],
  ['both', [true, true]],
])('is over when both have closed, though %s had before it was watched', async (_, before) => {
  const clock = new ManualClock()
  const events: NewEvent[] = []
  const context = { clock, emit: (event: NewEvent) => events.push(event) } as unknown as RelayContext
  const circuit = new Circuit('1', { from: ANNA, to: BERT } as never, context, DEFAULT_RELAY_SERVER)
  const ends = await Promise.all([0, 1].map(async () => (await streamPair())[0]))
  const close = (wanted: boolean): void => {
    for (const [at, stream] of ends.entries()) if (before[at] === wanted) stream.abort(new Error('gone'))
  }
  close(true)
  let over = false
  const watching = circuit.watch(...(ends as [Stream, Stream])).then(() => (over = true))
  close(false)
  await turns()
  expect(over).toBe(true)
  await watching
  expect(events.map(({ type }) => type)).toEqual(['circuit:opened', 'circuit:closed'])
  // What would cut it when its time is up.
  expect(clock.pending).toBe(0)
})
