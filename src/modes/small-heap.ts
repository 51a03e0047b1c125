import { setFlagsFromString } from 'node:v8'

/**
 * Keeps the memory of this process near to what it uses. V8 prefers speed: with gigabytes free it lets the heap of a busy
 * screen, whose live part stays the same, grow to twice of that before it cleans up, and that of a node under attack by a
 * hundred megabytes of objects that are gone. It reads these flags whenever it decides how far a heap may grow. One that
 * a release of Node does not know it leaves aside, and says so.
 *
 * To be called before the node's thread is started, whose heap is made by them.
 */
export function keepHeapSmall(): void {
  // The next full collection comes when the heap is so many percent larger than what the last one left.
  setFlagsFromString('--heap-growing-percent=40')
  // Where new objects begin: it stays as small as it is, and that of the node's thread is small from the start (MB).
  setFlagsFromString('--semi-space-growth-factor=1')
  setFlagsFromString('--max-semi-space-size=4')
}
