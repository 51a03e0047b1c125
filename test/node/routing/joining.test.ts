import { beforeEach, expect, it } from 'vitest'
import { Joining } from '../../../src/node/routing/joining.ts'
import { FIRST_PEER_WITHIN_MS } from '../../../src/node/routing/limits.ts'
import { ManualClock } from '../../support/manual-clock.ts'

class Table extends EventTarget {
  size = 0
  change(size: number): void {
    const type = size > this.size ? 'peer:add' : 'peer:remove'
    this.size = size
    this.dispatchEvent(new Event(type))
  }
}

let clock: ManualClock
let table: Table
let joined: number
let joining: Joining

beforeEach(() => {
  clock = new ManualClock()
  table = new Table()
  joined = 0
  joining = new Joining({
    clock,
    table,
    meetNeighbours: async () => {
      joined += 1
      throw new Error('Nobody answers')
    },
  })
})

const never = new AbortController().signal

it('joins with the first peer, and again after there was none', () => {
  for (const size of [1, 2, 1, 2]) table.change(size)
  expect(joined).toBe(1)
  for (const size of [1, 0, 1]) table.change(size)
  expect(joined).toBe(2)
})

it('waits for a first peer that comes, and leaves nothing behind', async () => {
  const ready = joining.hasPeers(never)
  table.change(1)
  expect(await ready).toBe(true)
  expect(clock.pending).toBe(0)
})

it('gives up after a while, and at once when it is called off', async () => {
  const late = joining.hasPeers(never)
  clock.advance(FIRST_PEER_WITHIN_MS)
  expect(await late).toBe(false)
  const controller = new AbortController()
  const off = joining.hasPeers(controller.signal)
  controller.abort()
  expect(await off).toBe(false)
  expect(clock.pending).toBe(0)
})
