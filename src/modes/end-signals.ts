import type { Cancel } from '../core/clock.ts'

/** Signals that ask the program to end, and the exit code of each: 128 and its number, as shells have it. */
export const END_SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

/** Where signals come from: `process`, or a test's stand-in. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown
  off(signal: NodeJS.Signals, listener: () => void): unknown
}

/** Calls `handler` with the exit code at each signal, until cancelled. */
export function onEndSignal(source: SignalSource, handler: (exitCode: number) => void): Cancel {
  const listeners = Object.entries(END_SIGNALS).map(([signal, exitCode]) => {
    const listener = () => handler(exitCode)
    source.on(signal as NodeJS.Signals, listener)
    return () => source.off(signal as NodeJS.Signals, listener)
  })
  return () => {
    for (const cancel of listeners) cancel()
  }
}
