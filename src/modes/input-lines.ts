import type { Readable } from 'node:stream'
import type { CommandContext, Reply } from '../commands/command.ts'
import { parseLine } from '../commands/line/parse.ts'
import { RequestFailed } from '../core/failure.ts'
import { type SafeText, safeText, say } from '../core/safe-text.ts'
import { readLines } from './line-reader.ts'
import type { Failed } from './trouble.ts'

/** Where lines read as commands act, and who is told of those that fail. */
export interface InputLines {
  /** What the commands work on; its signal ends the reading. */
  context: Omit<CommandContext, 'reply'>
  /** Told what a command answers; `line`: which line asked, from 1. Settles when that is written. */
  reply(reply: Reply, line: number): Promise<void>
  /** Told of a line that is no command, or of a command that failed; likewise. */
  wrong(failure: Failed, line: number): Promise<void>
}

/**
 * Runs each line of a stream as a command, one after the other, and reads no further than that. Settles at the end of
 * the stream or when the signal fires; never rejects. Empty lines and lines that start with `#` are skipped.
 */
export async function runInputLines(input: Readable, { context, reply, wrong }: InputLines): Promise<void> {
  const { signal } = context
  let goOn = (): void => {}
  // Input that breaks off (a terminal that hung up) has ended, and no more than that.
  input.on('error', () => {})
  if (signal.aborted) return
  const stop = () => {
    input.destroy()
    goOn()
  }
  signal.addEventListener('abort', stop, { once: true })
  let number = 0
  for await (const line of readLines(input)) {
    number += 1
    if (signal.aborted) break
    if ('problem' in line) await told(wrong(notALine(line.problem), number))
    else if (!line.text.trimStart().startsWith('#')) await runLine(line.text, number)
  }
  signal.removeEventListener('abort', stop)

  async function runLine(line: string, place: number): Promise<void> {
    const parsed = parseLine(line, 'lines')
    if (parsed === undefined) return
    if (!parsed.ok) return await told(wrong({ ...parsed.error.failure, stage: 'usage' }, place))
    const { command, args } = parsed
    let replied: Promise<void> = Promise.resolve()
    try {
      await command.run(args, {
        ...context,
        reply: answer => {
          replied = reply(answer, place)
        },
      })
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error
      if (!signal.aborted) replied = wrong({ ...error.failure, verb: safeText(command.verb) }, place)
    }
    await told(replied)
  }

  /** Waits until an answer is taken: lines that come faster than that would pile up as answers. */
  async function told(answer: Promise<void>): Promise<void> {
    await new Promise<void>(resolve => {
      goOn = resolve
      if (signal.aborted) resolve()
      void answer.then(resolve)
    })
  }
}

function notALine(problem: SafeText): Failed {
  const hint = say`Commands are lines of UTF-8 text, such as: dial /ip4/192.0.2.1/tcp/4001`
  return { stage: 'usage', cause: problem, hint }
}
