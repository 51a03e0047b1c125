import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { say } from '../../src/core/safe-text.ts'
import { EventLog } from '../../src/store/event-log.ts'
import { numbered } from '../support/swarm-events.ts'

it('finds the line of an event by its number, also among gaps and where there is none', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('line', 'quiet', 'gap'), { maxLength: 60 }), kinds => {
      const log = new EventLog(30)
      const shown: number[] = []
      kinds.forEach((kind, n) => {
        const [event] = numbered({ type: 'ping:answered', peerId: say`a` })
        if (event === undefined) return
        if (kind === 'gap') log.appendGap(3, 0)
        if (kind === 'line') log.append([{ ...event, seq: n + 1 }])
        shown.push(kind === 'quiet' ? -1 : kind === 'gap' ? -2 : n + 1)
      })
      const lines = shown.filter(seq => seq !== -1)
      for (let seq = 1; seq <= kinds.length; seq += 1) {
        const place = lines.indexOf(seq)
        expect(log.placeOf(seq)).toBe(place < log.start ? undefined : place)
      }
    }),
  )
})

it('keeps what the operator did through a flood of others, in place, found by its number and by a filter', () => {
  const log = new EventLog(80)
  const lines = numbered(
    ...Array.from({ length: 1000 }, (_, n): NewEvent => {
      if (n % 150 === 7) return { type: 'dial:started', requestId: say`r${n}`, target: say`t` }
      return { type: 'ping:answered', peerId: say`mallory` }
    }),
  )
  log.append(lines)
  const dials = lines.filter(({ type }) => type === 'dial:started')
  const shown = () => log.matching(log.end, 1000).map(place => log.at(place))
  expect(shown()).toHaveLength(80 + dials.filter(({ seq }) => seq <= 920).length)
  expect(shown()[0]).toEqual({ kind: 'event', event: dials[0] })
  expect(log.placeOf(8)).toBe(7)
  expect(log.placeOf(9)).toBeUndefined()
  expect(log.at(9)).toBeUndefined()
  expect(log.step(log.end, -1000)).toBe(7)

  log.setFilter(entry => entry.kind === 'event' && entry.event.type === 'dial:started')
  expect(log.matching(log.end, 1000)).toEqual([7, 157, 307, 457, 607, 757, 907])
  expect(log.countMatching(0)).toBe(7)
  expect(log.step(607, -2)).toBe(307)
  log.append(
    numbered(...Array.from({ length: 100 }, (): NewEvent => ({ type: 'ping:answered', peerId: say`m` }))),
  )
  expect(log.countMatching(0)).toBe(7)
})
