import { describe, expect, it } from 'vitest'
import { SendWindow } from '../../../../src/modes/terminal/line/send-window.ts'

const KIB = 1024

/** A window whose terminal has answered its first question after `roundTripMs`, at that time. */
function answering(roundTripMs = 10): SendWindow {
  const window = new SendWindow()
  window.asked(0)
  window.answered(roundTripMs)
  return window
}

/** A question and its answer. */
function round(window: SendWindow, roundTripMs: number): void {
  window.asked(0)
  window.answered(roundTripMs)
}

/** How many bytes it lets out without an answer. Nothing is on its way before or afterwards. */
function room(window: SendWindow): number {
  window.reset()
  let bytes = 0
  for (; window.open; bytes += 1) window.sent(1)
  window.reset()
  return bytes - 1
}

describe('the window of what is on its way', () => {
  it('stays open, and asks once, where no answer ever came', () => {
    const window = new SendWindow()
    window.sent(2 * KIB)
    expect(window.dueInMs(0)).toBe(0)
    window.asked(0)
    window.sent(1000 * KIB)
    expect(window.open).toBe(true)
    expect(window.dueInMs(1e9)).toBeUndefined()
  })

  it('is closed by what is not acknowledged, and opened by an answer', () => {
    const window = answering()
    window.sent(2 * KIB)
    window.asked(20)
    window.sent(2 * KIB)
    expect(window.open).toBe(true)
    window.sent(2 * KIB)
    expect(window.open).toBe(false)
    window.answered(30)
    expect(window.open).toBe(true)
  })

  it('asks after 1 KiB, one question at a time', () => {
    const window = answering()
    window.sent(KIB - 1)
    expect(window.dueInMs(20)).toBeUndefined()
    window.sent(1)
    expect(window.dueInMs(20)).toBe(0)
    window.asked(20)
    window.sent(5 * KIB)
    expect(window.dueInMs(20)).not.toBe(0)
    window.answered(30)
    expect(window.dueInMs(30)).toBe(0)
  })

  it('is never closed with nothing under way that could open it', () => {
    for (const roundTripMs of [1, 400, 90_000]) {
      const window = answering(1)
      const askIfDue = (nowMs: number): void => {
        if (window.dueInMs(nowMs) === 0) window.asked(nowMs)
      }
      for (let round = 0, nowMs = 10; round < 20; round += 1) {
        while (window.open) {
          window.sent(700)
          askIfDue(nowMs)
        }
        expect(window.unanswered).toBe(1)
        nowMs += roundTripMs
        window.answered(nowMs)
        askIfDue(nowMs)
      }
    }
  })

  it('asks again after three seconds, in case the answer was lost', () => {
    const window = answering()
    window.sent(20 * KIB)
    window.asked(1000)
    expect(window.dueInMs(1000)).toBe(3000)
    expect(window.dueInMs(4000)).toBe(0)
    window.asked(4000)
    expect(window.dueInMs(4000)).toBe(3000)
    expect(window.unanswered).toBe(2)
  })

  it('does not take the answers to what it asked twice for answers to the next question', () => {
    const window = answering()
    window.sent(20 * KIB)
    for (const now of [1000, 4000, 7000]) window.asked(now)
    window.answered(8000)
    expect(window.open).toBe(true)
    window.sent(17 * KIB)
    expect(window.dueInMs(8000)).toBe(250)
    window.answered(8001)
    window.answered(8002)
    expect(window.unanswered).toBe(0)
    expect(window.open).toBe(false)
    expect(window.dueInMs(8250)).toBe(0)
    window.asked(8250)
    window.answered(8260)
    expect(window.open).toBe(true)
  })

  it('lets more and more out to a terminal that answers in time, to 32 KiB', () => {
    const window = answering()
    let before = room(window)
    expect(before).toBeLessThan(6 * KIB)
    for (let n = 0; n < 20; n += 1) {
      round(window, 10)
      expect(room(window)).toBeGreaterThanOrEqual(before)
      before = room(window)
    }
    expect(before).toBe(32 * KIB)
  })

  it('gives a line whose answers come late less at a time, but more than nothing, and then more again', () => {
    const window = answering()
    for (let n = 0; n < 20; n += 1) round(window, 10)
    round(window, 300)
    expect(room(window)).toBe(16 * KIB)
    for (let n = 0; n < 20; n += 1) round(window, 300)
    expect(room(window)).toBe(KIB)
    for (let n = 0; n < 20; n += 1) round(window, 100)
    expect(room(window)).toBe(32 * KIB)
  })

  it('takes an answer to what was asked again for a late one', () => {
    const window = answering()
    const before = room(window)
    window.asked(0)
    window.asked(3000)
    window.answered(3001)
    expect(room(window)).toBeLessThan(before)
  })

  it('is not made smaller by a line that is merely far', () => {
    const window = answering(600)
    const before = room(window)
    round(window, 700)
    expect(room(window)).toBeGreaterThan(before)
  })

  it('forgets what was on its way to a terminal that somebody else has had', () => {
    const window = answering()
    window.sent(100 * KIB)
    window.asked(0)
    window.reset()
    expect(window).toMatchObject({ open: true, unanswered: 0 })
    expect(window.dueInMs(9999)).toBeUndefined()
    window.answered(9999)
    expect(window.unanswered).toBe(0)
  })
})
