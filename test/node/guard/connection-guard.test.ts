import { multiaddrConnectionPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { Budgets, MOST_HELD, OF_CONNECTION, OF_HOST } from '../../../src/node/guard/budget.ts'
import { ConnectionGuard, TURN_US } from '../../../src/node/guard/connection-guard.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const RELAY = '/ip4/192.0.2.1/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'

interface Guarded {
  /** Where it comes from. */
  from?: string
  /** Those that others have a part in. */
  budgets?: Budgets
  /** What it is when it comes to be guarded. @default open */
  status?: 'aborted'
}

/** A connection whose every message costs so much, in µs. */
function guarded(costUs: number, { from, budgets, status }: Guarded = {}) {
  const [other, made] = multiaddrConnectionPair()
  if (status === 'aborted') made.abort(new Error('gone'))
  if (from !== undefined) made.remoteAddr = multiaddr(from)
  // Its interface leaves out what tells whether it is read.
  const raw = made as typeof made & { readStatus: string }
  const clock = new ManualClock()
  const context = {
    clock,
    budgets: budgets ?? new Budgets(clock),
    framingOf: () => undefined,
    exceeded: () => {},
  }
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

it.each([
  [
    'through one relay',
    (at: number) =>
      `${RELAY}/p2p-circuit/p2p/${at % 2 === 0 ? RELAY.split('/').at(-1) : 'QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN'}`,
  ],
  ['over Unix sockets', () => '/unix/%2ftmp%2fnode'],
])('has all that come %s share what one host may spend', (_, from) => {
  const budgets = new Budgets(new ManualClock())
  const most = OF_CONNECTION.burst * 0.9
  const crowd = Array.from({ length: 2 * Math.ceil(OF_HOST.burst / most) }, (_, at) =>
    guarded(0, { from: from(at), budgets }),
  )
  for (const { guard } of crowd) guard.spend(most)
  expect(crowd.some(({ guard }) => guard.closed)).toBe(true)
})

it('holds nothing for a connection that has ended', () => {
  const budgets = new Budgets(new ManualClock())
  const from = '/ip4/192.0.2.1/tcp/1'
  const gone = guarded(0, { from, budgets })
  gone.raw.abort(new Error('gone'))
  // What TLS had not decrypted yet comes after the end.
  gone.guard.holds(MOST_HELD)
  const next = guarded(0, { from, budgets })
  next.guard.holds(1)
  expect(next.guard.closed).toBe(false)
})

it('holds none to account that had ended before it was guarded: another one of its host is closed', () => {
  const budgets = new Budgets(new ManualClock())
  const from = '/ip4/192.0.2.1/tcp/1'
  const gone = guarded(0, { from, budgets, status: 'aborted' })
  // It has cost more than any other.
  gone.guard.spend(OF_CONNECTION.burst * 0.9)
  const crowd = Array.from({ length: Math.ceil(OF_HOST.burst / OF_CONNECTION.burst) + 1 }, () =>
    guarded(0, { from, budgets }),
  )
  for (const { guard } of crowd) guard.spend(OF_CONNECTION.burst * 0.8)
  expect(gone.guard.closed).toBe(false)
  expect(crowd.some(({ guard }) => guard.closed)).toBe(true)
})
