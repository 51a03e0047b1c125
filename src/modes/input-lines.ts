import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { CommandContext, Reply } from '../commands/command.ts'
import { parseLine } from '../commands/line/parse.ts'
import { RequestFailed } from '../core/failure.ts'
import { safeText } from '../core/safe-text.ts'
import type { Failed } from './trouble.ts'

/** Where lines read as commands act, and who is told of those that fail. */
export interface InputLines {
  /** What the commands work on; its signal ends the reading. */
  context: Omit<CommandContext, 'reply'>
  /** Told what a command answers; `line`: which line asked, from 1. */
  reply(reply: Reply, line: number): void
  /** Told of a line that is no command, or of a command that failed. */
  wrong(failure: Failed, line: number): void
}

/**
 * Runs each line of a stream as a command, one after the other. Settles at the end of the stream or when the signal
 * fires; never rejects. Empty lines and lines that start with `#` are skipped.
 */
export async function runInputLines(input: Readable, { context, reply, wrong }: InputLines): Promise<void> {
  // Input that breaks off (a terminal that hung up) has ended, and no more than that.
  const ignore = () => {}
  input.on('error', ignore)
  const lines = createInterface({ input, signal: context.signal, crlfDelay: Number.POSITIVE_INFINITY })
  const close = () => lines.close()
  input.once('close', close)
  let number = 0
  try {
    for await (const line of lines) {
      number += 1
      if (context.signal.aborted) break
      if (!line.trimStart().startsWith('#')) await runLine(line, number)
    }
  } catch {
    // As above: the stream broke off.
  } finally {
    input.off('close', close)
    lines.close()
    input.pause()
  }

  async function runLine(line: string, place: number): Promise<void> {
    const parsed = parseLine(line, 'lines')
    if (parsed === undefined) return
    if (!parsed.ok) return wrong({ ...parsed.error.failure, stage: 'usage' }, place)
    const { command, args } = parsed
    try {
      await command.run(args, { ...context, reply: answer => reply(answer, place) })
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error
      if (!context.signal.aborted) wrong({ ...error.failure, verb: safeText(command.verb) }, place)
    }
  }
}
