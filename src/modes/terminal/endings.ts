import { constants } from 'node:os'
import type { Cancel } from '../../core/clock.ts'
import { END_SIGNALS, onEndSignal } from '../end-signals.ts'

/** Why the screen has to go although nobody asked it to. */
export interface Ending {
  exitCode: number
  /** What went wrong, to be printed once the terminal is given back. */
  error?: unknown
}

type Stream = Pick<NodeJS.EventEmitter, 'on' | 'off'>

/** Others that end a program, if it lets them: the screen has to go first. Node would open a debugger at SIGUSR1. */
const MORE_SIGNALS = [
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGABRT',
  'SIGTRAP',
  'SIGSYS',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGXFSZ',
] as const satisfies readonly NodeJS.Signals[]

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
  const quit = (_: NodeJS.Signals, number: number) => end({ exitCode: 128 + number })
  // A platform that does not have a signal does not let one listen to it either.
  const signals = MORE_SIGNALS.filter(signal => signal in constants.signals)
  const crash = (error: unknown) => end({ exitCode: 1, error })

  const cancelSignals = onEndSignal(process, exitCode => end({ exitCode }))
  for (const signal of signals) process.on(signal, quit)
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  stdin.on('end', hangUp)
  // Stays: whoever restores a terminal that is gone gets this error too, and it must not become a crash.
  stdout.on('error', hangUp)
  return () => {
    cancelSignals()
    for (const signal of signals) process.off(signal, quit)
    process.off('uncaughtException', crash)
    process.off('unhandledRejection', crash)
    stdin.off('end', hangUp)
  }
}
