/** A query for a peer whose answers come one by one, the first from a liar. */
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import type { QueryEvent } from '@libp2p/kad-dht'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { say } from '../../../src/core/safe-text.ts'
import { MORE_WITHIN_MS } from '../../../src/node/routing/limits.ts'
import { OneQuery } from '../../../src/node/routing/one-query.ts'
import { planOf } from '../../../src/node/routing/plan.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { turns } from '../../support/peers/until.ts'

const LIE = '/ip4/192.0.2.66/tcp/66'
const TRUTH = '/ip4/192.0.2.1/tcp/1'

let self: PeerId
let wanted: PeerId
beforeAll(async () => {
  const make = async () => peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  self = await make()
  wanted = await make()
})

let clock: ManualClock
let events: NewEvent[]
beforeEach(() => {
  clock = new ManualClock()
  events = []
})

/** Answers after so many ms each; `endless`: somebody else never answers. */
function query(answers: readonly [number, string][], { endless = false } = {}) {
  const controller = new AbortController()
  let left = false
  async function* findPeer(_: PeerId, { signal }: { signal: AbortSignal }): AsyncGenerator<QueryEvent> {
    const wait = (ms: number) =>
      new Promise<void>((resolve, reject) => {
        const abort = () => reject(signal.reason)
        signal.addEventListener('abort', abort)
        if (Number.isFinite(ms)) clock.after(ms, resolve)
      })
    try {
      for (const [ms, address] of answers) {
        await wait(ms)
        const peer = { id: wanted, multiaddrs: [multiaddr(address)] }
        yield { name: 'FINAL_PEER', from: self, peer } as unknown as QueryEvent
      }
      if (endless) await wait(Number.POSITIVE_INFINITY)
    } finally {
      left = true
    }
  }
  const plan = planOf({ query: 'find', subject: wanted.toString(), value: '' }, false)
  const tools = { dht: { findPeer } as never, self, clock, emit: (event: NewEvent) => events.push(event) }
  const one = new OneQuery(plan, 'find', say`r1`, tools)
  return { one, run: one.run(controller.signal), controller, left: () => left }
}

const found = () => events.filter(event => event.type === 'query:found')
const whole = (address: string) => `${address}/p2p/${wanted.toString()}`

it('has what an honest peer says a moment after a quick liar, and tells of both together', async () => {
  const { one, run, left } = query(
    [
      [10, LIE],
      [400, TRUTH],
      [200, TRUTH],
    ],
    { endless: true },
  )
  await clock.advanceAsync(700)
  await turns()
  expect(found()).toEqual([])
  await clock.advanceAsync(MORE_WITHIN_MS, 50)
  await run
  expect(left()).toBe(true)
  expect(found()).toMatchObject([{ addresses: [whole(TRUTH), whole(LIE)] }])
  expect(one.result().peers).toEqual([{ peerId: wanted.toString(), addresses: [whole(TRUTH), whole(LIE)] }])
})

it('does not wait where nobody is left to answer', async () => {
  const { run } = query([[10, TRUTH]])
  await clock.advanceAsync(10)
  await run
  expect(found()).toHaveLength(1)
  expect(clock.monotonic()).toBeLessThan(MORE_WITHIN_MS)
})

it('can be called off while it waits for more', async () => {
  const { run, controller, left } = query([[10, LIE]], { endless: true })
  const ended = run.catch((reason: unknown) => reason)
  await clock.advanceAsync(20)
  controller.abort(new Error('enough'))
  expect(await ended).toMatchObject({ message: 'enough' })
  expect(left()).toBe(true)
  expect(found()).toEqual([])
})
