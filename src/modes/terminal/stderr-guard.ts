import type { Cancel } from '../../core/clock.ts'
import { type SafeText, safeMessage } from '../../core/safe-text.ts'

/** A line that never ends is cut into pieces of so many UTF-16 units. */
const LONGEST = 4096

type Write = NodeJS.WriteStream['write']

/**
 * Keeps what is written to a stream off the screen: a raw write (what libraries that log do) would scroll it, and it
 * would stay wrong. Each line goes to `onLine` instead, until cancelled.
 */
export function guardStderr(stream: { write: Write }, onLine: (line: SafeText) => void): Cancel {
  const original = stream.write
  let waiting = ''
  const guarded = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    waiting += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    const lines = waiting.split('\n')
    waiting = lines.pop() ?? ''
    if (waiting.length > LONGEST) {
      lines.push(waiting)
      waiting = ''
    }
    for (const line of lines) if (line.trim() !== '') onLine(safeMessage(line.trim()))
    const done = rest.find(argument => typeof argument === 'function')
    if (done !== undefined) queueMicrotask(done as () => void)
    return true
  }
  stream.write = guarded as Write
  return () => {
    if (stream.write === guarded) stream.write = original
  }
}
