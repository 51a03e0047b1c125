import { expect, it } from 'vitest'
import { Budgets, forBytes, MOST_HELD, OF_CONNECTION, OF_HOST } from '../../../src/node/guard/budget.ts'
import { ManualClock } from '../../support/manual-clock.ts'

/** Connections of hosts, and which of them were told that they spent too much. */
function world() {
  const clock = new ManualClock()
  const budgets = new Budgets(clock)
  const told: string[] = []
  const open = (name: string, host?: string) => {
    const budget = budgets.open(host, whose => {
      told.push(`${name}: ${whose}`)
      budget.close()
    })
    return budget
  }
  return { clock, told, open }
}

it('lets a connection spend so much at once, and so much of each second', () => {
  const { clock, told, open } = world()
  const one = open('one', 'host')
  one.spend(OF_CONNECTION.burst)
  for (let second = 0; second < 100; second += 1) {
    clock.advance(1_000)
    one.spend(OF_CONNECTION.perSecond)
  }
  expect(told).toEqual([])
  one.spend(2_000)
  expect(told).toEqual(['one: work'])
})

it('has the connections of a host share what a host may spend, and holds the biggest spender to account', () => {
  const { told, open } = world()
  const crowd = Array.from({ length: 20 }, (_, at) => open(`crowd ${at}`, 'host'))
  const modest = open('modest', 'host')
  modest.spend(1_000)
  for (const budget of crowd) budget.spend(OF_HOST.burst / 18)
  expect(told).not.toEqual([])
  expect(told.every(line => line.startsWith('crowd'))).toBe(true)
  expect(told[0]).toMatch('work of its host')
})

it('has a host that comes back go on where it was', () => {
  const { clock, told, open } = world()
  const spendAll = () => {
    const one = open('one', 'host')
    one.spend(OF_HOST.burst / 4)
    one.close()
  }
  for (let time = 0; time < 4; time += 1) spendAll()
  open('again', 'host').spend(2_000)
  expect(told).toEqual(['again: work of its host'])
  clock.advance(4_000)
  for (let time = 0; time < 4; time += 1) spendAll()
  expect(told).toHaveLength(1)
})

it('pays back for what was asked, up to what may be spent at once', () => {
  const { told, open } = world()
  const one = open('one', 'host')
  for (let time = 0; time < 10; time += 1) {
    one.spend(0.9 * OF_CONNECTION.burst)
    one.earn(2 * OF_CONNECTION.burst)
  }
  expect(told).toEqual([])
  one.spend(OF_CONNECTION.burst + 10_000)
  expect(told).toEqual(['one: work'])
})

it('has a host hold no more than so many bytes here, and holds who has most of them to account', () => {
  const { told, open } = world()
  const modest = open('modest', 'host')
  const big = open('big', 'host')
  big.hold(MOST_HELD - 1_000)
  modest.hold(1_000)
  modest.hold(0)
  modest.hold(1_000)
  expect(told).toEqual([])
  modest.hold(1_001)
  expect(told).toEqual(['big: bytes of its host'])
  modest.hold(2_000_000)
  expect(told).toHaveLength(1)
})

it('keeps apart those of whom no host is known', () => {
  const { told, open } = world()
  const relayed = Array.from({ length: 20 }, (_, at) => open(`relayed ${at}`))
  for (const budget of relayed) budget.spend(OF_CONNECTION.burst)
  expect(told).toEqual([])
})

it('asks nothing for bytes that come in pieces of a kilobyte and more', () => {
  expect(forBytes(60, 1024)).toBe(0)
  expect(forBytes(60, 64 * 1024)).toBe(0)
  expect(forBytes(60, 512)).toBe(30)
  expect(forBytes(60, 0)).toBe(60)
})
