/**
 * Loaded into the program with `node --import` (see {@link faulty}): makes something go wrong in it as soon as a file
 * appears. What goes wrong and which file is said by the environment.
 */
import { existsSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** What a fault says of itself; it shall reach the person. */
export const SAID = 'made up by a test'

const FAULTS = {
  'worker throws': () => {
    throw new Error(SAID)
  },
  'worker exits': () => process.exit(7),
  'main throws': () => {
    throw new Error(`${SAID}\u001b]0;owned\u0007`)
  },
  'main rejects': () => void Promise.reject(new Error(SAID)),
  'view throws': breakView,
} as const

export type Fault = keyof typeof FAULTS

/** The environment in which the program has a fault once `trigger`, a path, exists. */
export function faulty(fault: Fault, trigger: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${import.meta.filename} --disable-warning=ExperimentalWarning`,
    TEST_FAULT: fault,
    TEST_FAULT_WHEN: trigger,
  }
}

/** The next drawing of the line between the panes fails: it is the view's own array, told by who asks for it. */
function breakView(): void {
  const from = Array.from
  Array.from = ((...args: Parameters<typeof from>) => {
    if (new Error().stack?.includes('Separator')) throw new Error(SAID)
    return from(...args)
  }) as typeof from
}

function arm(fault: Fault, trigger: string): void {
  if (fault.startsWith('worker') === isMainThread) return
  if (existsSync(trigger)) FAULTS[fault]()
  else {
    const looking = setInterval(() => {
      if (!existsSync(trigger)) return
      clearInterval(looking)
      FAULTS[fault]()
    }, 10)
  }
}

const { TEST_FAULT: fault = '', TEST_FAULT_WHEN: trigger = '' } = process.env
if (fault in FAULTS) arm(fault as Fault, trigger)
