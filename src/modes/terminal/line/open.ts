import type { ReadStream, WriteStream } from 'node:tty'
import type { Clock } from '../../../core/clock.ts'
import type { TerminalLine } from '../../../ui/screen/terminal-line.ts'
import { AnsweringStdin } from './answering-stdin.ts'
import { StdoutLine } from './stdout-line.ts'
import { unblock } from './unblock.ts'

export interface OpenTerminalLine {
  line: TerminalLine
  /** What is typed, to be read instead of the terminal's own stream: the terminal's answers are taken out. */
  stdin: ReadStream
  /**
   * Puts the terminal into raw mode and asks it what it can do. Once, right after the alternate screen was entered and
   * before anything is drawn: a few terminals print a question that they do not know.
   */
  ask(): void
  /**
   * Settles once the terminal is out of raw mode and no answer is on its way to whoever has it next. To be waited for
   * after raw mode was switched off, before the process stops as a shell's job. Takes half a second at most.
   */
  handedBack(): Promise<void>
  /** Ends the line: takes the terminal out of raw mode, and settles as {@link handedBack} does. */
  close(): Promise<void>
}

/**
 * Opens the line to the terminal of two streams. Writing to it no longer stops the thread, where the system can do that.
 * An `error` of a terminal that is gone comes from `stdout` as before: somebody must listen.
 */
export function openTerminalLine({
  stdin,
  stdout,
  stderr,
  clock,
}: {
  stdin: ReadStream
  stdout: WriteStream
  /** Where errors go, and at the end what shows the cursor: to the same terminal, unless it is no terminal's stream. */
  stderr: WriteStream
  clock: Clock
}): OpenTerminalLine {
  unblock(stdout)
  unblock(stderr)
  const line = new StdoutLine(stdout, clock)
  const answering = new AnsweringStdin({
    stdin,
    clock,
    patienceMs: () => line.patienceMs,
    onAnswers: answers => line.answered(answers),
    onListening: listening => line.listen(listening),
  })
  return {
    line,
    // Ink uses of a terminal's stream what this one has, and no more.
    stdin: answering as unknown as ReadStream,
    ask() {
      answering.setRawMode(true)
      line.ask()
    },
    handedBack: () => answering.handedBack(),
    close() {
      answering.setRawMode(false)
      return answering.handedBack()
    },
  }
}
