import { once } from 'node:events'

/** Where signals are sent and heard; `process`. */
export interface Suspendable {
  kill(pid: number, signal: NodeJS.Signals): unknown
  once(event: 'SIGCONT', listener: () => void): unknown
}

/**
 * What Ctrl-Z does on a terminal that does not do it itself (raw mode): the process and those it was started by in the
 * same job (npm, npx) stop, so that the shell gets the terminal. Settles when they go on.
 */
export async function suspendJob(process: Suspendable & NodeJS.EventEmitter): Promise<void> {
  const resumed = once(process, 'SIGCONT')
  process.kill(0, 'SIGTSTP')
  await resumed
}
