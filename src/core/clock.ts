/** Time as the program sees it. Injected everywhere, so that tests decide what time it is and never sleep. */
export interface Clock {
  /** Milliseconds since the Unix epoch, for people and logs. May jump. */
  now(): number
  /** Milliseconds with microsecond digits since some fixed moment, for measuring. Never jumps back. */
  monotonic(): number
  /** Calls `task` once, `delayMs` from now. The timer does not keep the process alive. */
  after(delayMs: number, task: () => void): Cancel
  /** Calls `task` each `periodMs`. The timer does not keep the process alive. */
  every(periodMs: number, task: () => void): Cancel
}

/** Ends a timer or a subscription. Calling it again does nothing. */
export type Cancel = () => void

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref()
    return () => clearTimeout(timer)
  },
  every(periodMs, task) {
    const timer = setInterval(task, periodMs).unref()
    return () => clearInterval(timer)
  },
}

/** Milliseconds with microsecond digits since a moment of {@link Clock.monotonic}: what events carry. */
export function elapsedMs(clock: Clock, since: number): number {
  return roundMs(clock.monotonic() - since)
}

/** Milliseconds to the microsecond: what a clock says beyond that is noise. */
export function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
