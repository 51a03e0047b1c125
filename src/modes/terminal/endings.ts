import type { Cancel } from '../../core/clock.ts'
import { END_SIGNALS, onEndSignal } from '../end-signals.ts'

/** Why the screen has to go although nobody asked it to. */
export interface Ending {
  exitCode: number
  /** What went wrong, to be printed once the terminal is given back. */
  error?: unknown
}

type Stream = Pick<NodeJS.EventEmitter, 'on' | 'off'>

const SIGQUIT_EXIT = 131

/**
 * Watches for everything that ends the screen from outside: signals, the terminal hanging up (a signal, an error when
 * writing to it, or the end of what is typed), and errors that nobody caught. Calls `onEnding` once.
 */
export function watchEndings(
  { process, stdin, stdout }: { process: NodeJS.Process; stdin: Stream; stdout: Stream },
  onEnding: (ending: Ending) => void,
): Cancel {
  let ended = false
  const end = (ending: Ending) => {
    if (ended) return
    ended = true
    onEnding(ending)
  }
  const hangUp = () => end({ exitCode: END_SIGNALS.SIGHUP })
  const quit = () => end({ exitCode: SIGQUIT_EXIT })
  const crash = (error: unknown) => end({ exitCode: 1, error })

  const cancelSignals = onEndSignal(process, exitCode => end({ exitCode }))
  process.on('SIGQUIT', quit)
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  stdin.on('end', hangUp)
  // Stays: whoever restores a terminal that is gone gets this error too, and it must not become a crash.
  stdout.on('error', hangUp)
  return () => {
    cancelSignals()
    process.off('SIGQUIT', quit)
    process.off('uncaughtException', crash)
    process.off('unhandledRejection', crash)
    stdin.off('end', hangUp)
  }
}
