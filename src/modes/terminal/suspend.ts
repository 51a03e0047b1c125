import { once } from 'node:events'
import type { Suspension } from '../../app.tsx'

/** Where signals are sent and heard; `process`. */
export interface Suspendable extends NodeJS.EventEmitter {
  readonly pid: number
  kill(pid: number, signal: NodeJS.Signals): unknown
}

/**
 * Stopping and going on as a shell's job. In raw mode a terminal does nothing at Ctrl-Z, and whoever stops the program
 * from outside (`kill -TSTP`) must not leave the shell with the screen: both come here, after the terminal was given back.
 *
 * @param handedBack settles when nothing of ours is on its way from the terminal any more
 */
export function jobControl(process: Suspendable, handedBack: () => Promise<void>): Suspension {
  let stopping = false
  return {
    async stop() {
      stopping = true
      await handedBack()
      const resumed = once(process, 'SIGCONT')
      // Those that it was started by (npm, npx) are of the same job: the shell takes over when all have stopped.
      process.kill(0, 'SIGTSTP')
      // Who listens to that signal is not stopped by it.
      process.kill(process.pid, 'SIGSTOP')
      await resumed
      stopping = false
    },
    onAsked(listener) {
      const heard = (): void => {
        if (!stopping) listener()
      }
      process.on('SIGTSTP', heard)
      return () => process.off('SIGTSTP', heard)
    },
  }
}
