import type { Clock } from '../../../core/clock.ts'

/** Waits on a clock. @throws the reason of the signal, as soon as that aborts */
export function wait(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      cancel()
      reject(signal.reason)
    }
    const cancel = clock.after(Math.max(0, ms), () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
}
