import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect, it } from 'vitest'
import { Budgets } from '../../../src/node/guard/budget.ts'
import { ConnectionGuard, TURN_US } from '../../../src/node/guard/connection-guard.ts'
import { ManualClock } from '../../support/manual-clock.ts'

/** A connection whose every message costs so much, in µs. */
function guarded(costUs: number) {
  const [other, made] = multiaddrConnectionPair()
  // Its interface leaves out what tells whether it is read.
  const raw = made as typeof made & { readStatus: string }
  const clock = new ManualClock()
  const context = { clock, budgets: new Budgets(clock), framingOf: () => undefined, exceeded: () => {} }
  const guard = new ConnectionGuard(raw as never, context)
  let came = 0
  raw.addEventListener('message', () => {
    came += 1
    guard.spend(costUs)
  })
  const send = async (): Promise<void> => {
    other.send(new Uint8Array(8))
    // Through both ends of the pair.
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate)
  }
  return { raw, guard, send, came: () => came }
}

it('has a connection that makes much work give way to others, and then go on', async () => {
  const { raw, send, came } = guarded(TURN_US)
  const pauses: string[] = []
  const [pause, resume] = [raw.pause.bind(raw), raw.resume.bind(raw)]
  raw.pause = () => {
    pauses.push('pause')
    pause()
  }
  raw.resume = () => {
    pauses.push('resume')
    resume()
  }
  await send()
  await send()
  expect(came()).toBe(2)
  expect(pauses).toEqual(['pause', 'resume', 'pause', 'resume'])
})

it('does not hold up one that makes little, or read on after it is cut off', async () => {
  const cheap = guarded(TURN_US / 100)
  let pauses = 0
  cheap.raw.pause = () => {
    pauses += 1
  }
  for (let times = 0; times < 50; times += 1) await cheap.send()
  expect(pauses).toBe(0)

  const costly = guarded(TURN_US * 1_000)
  await costly.send()
  expect(costly.guard.closed).toBe(true)
  expect(costly.raw.readStatus).not.toBe('readable')
})
