import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MOVES } from '../../../src/core/list-window.ts'
import { say } from '../../../src/core/safe-text.ts'
import { EventLog } from '../../../src/store/event-log.ts'
import { reduceScreen, type ScreenAction } from '../../../src/store/screen/reduce-screen.ts'
import { INITIAL_SCREEN } from '../../../src/store/screen/screen-state.ts'
import { logMove, logWindow } from '../../../src/store/selectors/log-window.ts'
import { numbered } from '../../support/swarm-events.ts'

const ROWS = 5

function logOf(count: number, capacity = 100): EventLog {
  const log = new EventLog(capacity)
  log.append(
    numbered(...Array.from({ length: count }, () => ({ type: 'ping:answered', peerId: say`a` }) as const)),
  )
  return log
}

const log = (...actions: ScreenAction[]) => actions.reduce(reduceScreen, INITIAL_SCREEN).log

describe('a window of the log', () => {
  it('follows the end', () => {
    expect(logWindow(logOf(8), log(), ROWS)).toEqual({
      places: [3, 4, 5, 6, 7],
      cursor: 7,
      following: true,
      newer: 0,
      total: 8,
    })
  })

  it('shows the oldest lines there are when those it stood on have fallen out', () => {
    const state = log({ type: 'log:cursor', place: 2, until: 4 })
    const window = logWindow(logOf(30, 10), state, ROWS)
    expect(window).toMatchObject({ places: [20, 21, 22, 23, 24], cursor: 20, newer: 5 })
  })

  it('shows nothing of what was cleared', () => {
    const lines = logOf(8)
    expect(logWindow(lines, log({ type: 'log:clear', to: 6 }), ROWS)).toMatchObject({
      places: [6, 7],
      total: 2,
    })
    expect(logWindow(lines, log({ type: 'log:clear', to: 8 }), ROWS).cursor).toBeUndefined()
  })

  it('has its cursor in view after any moves, with a filter or without', () => {
    const moves = fc.array(fc.constantFrom(...MOVES), { maxLength: 20 })
    fc.assert(
      fc.property(
        moves,
        fc.nat(40),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(10),
        (way, count, rows, cleared) => {
          const lines = logOf(count)
          lines.setFilter(entry => entry.kind === 'event' && entry.event.seq % 3 !== 0)
          let state = reduceScreen(INITIAL_SCREEN, { type: 'log:clear', to: cleared })
          for (const move of way) {
            const action = logMove(lines, state.log, move, rows)
            if (action !== undefined) state = reduceScreen(state, action)
            const { places, cursor, total } = logWindow(lines, state.log, rows)
            expect(places).toHaveLength(Math.min(rows, total))
            expect(total === 0 || places.includes(cursor ?? -1)).toBe(true)
            expect(places.every(place => place >= cleared && (place + 1) % 3 !== 0)).toBe(true)
          }
        },
      ),
    )
  })

  it('follows again from the newest line, also out of a pause', () => {
    const lines = logOf(8)
    const paused = log({ type: 'log:pause', at: 6 })
    expect(logMove(lines, paused, 'last', ROWS)).toEqual({ type: 'log:pause', at: undefined })
    expect(logMove(lines, log({ type: 'log:cursor', place: 6 }), 'down', ROWS)).toEqual({
      type: 'log:cursor',
      place: undefined,
    })
  })
})
