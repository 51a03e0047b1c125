import fc from 'fast-check'
import { expect, it } from 'vitest'
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
