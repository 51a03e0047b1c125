import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Channel on which one thread tells the others to collect. */
export const COLLECTING = 'p2p-tui-bench-collecting'

/** Collects all that nothing refers to in this thread's heap. @returns what is in use then, in bytes */
export function collectGarbage(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
