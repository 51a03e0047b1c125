import { render, useInput } from 'ink'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { AnsweringStdin } from '../../../../src/modes/terminal/line/answering-stdin.ts'
import type { Answer } from '../../../../src/modes/terminal/line/answers.ts'
import { FakeStdout } from '../../../support/fake-tty.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { PATIENCE_MS } from '../../../support/patience.ts'
import { FakeTerminalInput, turn } from './fake-terminal.ts'

/** A terminal in raw mode; `expected.ms` is how long answers are waited for. */
function terminal(patienceMs = 0) {
  const [clock, input, expected] = [new ManualClock(), new FakeTerminalInput(), { ms: patienceMs }]
  const answers: Answer[][] = []
  const listening: boolean[] = []
  const stdin = new AnsweringStdin({
    stdin: input.asStream(),
    clock,
    patienceMs: () => expected.ms,
    onAnswers(together) {
      answers.push([...together])
      expected.ms = 0
    },
    onListening: on => listening.push(on),
  })
  stdin.setRawMode(true)
  /** What was typed since the last look, a text for each time that there was something to read. */
  const typed: string[] = []
  stdin.setEncoding('utf8')
  stdin.on('readable', () => {
    const text: string | null = stdin.read()
    if (text !== null) typed.push(text)
  })
  return { clock, input, stdin, expected, answers, listening, typed }
}

describe('what is typed, without the answers', () => {
  it('passes keys as they come, each in its own chunk', async () => {
    const { input, typed, clock } = terminal()
    await input.type('a', 'hello\r', '\x1b[1;5D', '\x1b', '日', '\x1b[20', '0~')
    expect(typed).toEqual(['a', 'hello\r', '\x1b[1;5D', '\x1b', '日', '\x1b[20', '0~'])
    expect(clock.pending).toBe(0)
  })

  it('takes answers out, and tells all that come together at once', async () => {
    const { input, typed, answers } = terminal(100)
    await input.type('a\x1b[0nb\x1b[?2026;2$yc')
    expect(typed).toEqual(['abc'])
    expect(answers).toEqual([['status', 'synchronised']])
  })

  it.each([1, 2, 3])('takes out an answer that was cut after %i characters', async length => {
    const { input, typed, answers } = terminal(100)
    await input.type(`a${'\x1b[0n'.slice(0, length)}`, `${'\x1b[0n'.slice(length)}b`)
    expect(typed).toEqual(['a', 'b'])
    expect(answers).toEqual([['status']])
  })

  it('does not take a key for the beginning of an answer for long', async () => {
    const { clock, input, typed } = terminal(100)
    await input.type('\x1b')
    clock.advance(19)
    await turn()
    expect(typed).toEqual([])
    clock.advance(1)
    await turn()
    expect(typed).toEqual(['\x1b'])
    await input.type('\x1b[')
    clock.advance(250)
    await turn()
    expect(typed).toEqual(['\x1b', '\x1b['])
  })

  it('puts a key together that was cut where an answer might be', async () => {
    const { input, typed } = terminal(100)
    await input.type('\x1b[1', ';5D')
    expect(typed).toEqual(['\x1b[1;5D'])
  })

  it('passes on that the terminal is gone', async () => {
    const { input, stdin } = terminal()
    const ended = new Promise(resolve => stdin.once('end', resolve))
    input.end()
    await ended
  })
})

describe('raw mode', () => {
  it('goes off at once when no answer is on its way, and what is typed is the next one’s', async () => {
    const { input, stdin, listening, typed } = terminal()
    stdin.setRawMode(false)
    await stdin.handedBack()
    expect(input.rawModes).toEqual([true, false])
    expect(listening).toEqual([true, false])
    await input.type('ls\r')
    expect(typed).toEqual([])
    stdin.setRawMode(true)
    await turn()
    expect(typed).toEqual(['ls\r'])
  })

  it('stays on until the last answer is in', async () => {
    const { input, stdin, answers } = terminal(100)
    stdin.setRawMode(false)
    const back = stdin.handedBack()
    await input.type('\x1b[0')
    expect(input.rawModes).toEqual([true])
    await input.type('n')
    await back
    expect(answers).toEqual([['status']])
    expect(input.rawModes).toEqual([true, false])
  })

  it('goes off without the answer when the time is over', async () => {
    const { clock, input, stdin } = terminal(100)
    stdin.setRawMode(false)
    const back = stdin.handedBack()
    clock.advance(99)
    expect(input.rawModes).toEqual([true])
    clock.advance(1)
    await back
    expect(input.rawModes).toEqual([true, false])
    expect(clock.pending).toBe(0)
  })

  it('goes off at once when the terminal is gone', async () => {
    const { input, stdin } = terminal(100)
    stdin.setRawMode(false)
    const back = stdin.handedBack()
    input.end()
    await back
    expect(input.rawModes).toEqual([true, false])
  })

  it('is over with a terminal that has no modes any more', async () => {
    const { input, stdin, listening } = terminal()
    input.setRawMode = () => {
      throw new Error('setRawMode EIO')
    }
    stdin.setRawMode(false)
    await stdin.handedBack()
    expect(listening).toEqual([true, false])
  })

  it('stays on when it is wanted again meanwhile', async () => {
    const { clock, input, stdin } = terminal(100)
    stdin.setRawMode(false)
    stdin.setRawMode(true)
    clock.advance(1000)
    expect(input.rawModes).toEqual([true])
  })
})

it('Ink reads keys from it, and never an answer, in pieces or whole', async () => {
  const { clock, input, stdin, expected, answers } = terminal(100)
  stdin.removeAllListeners('readable')
  const keys: string[] = []
  function Keys() {
    useInput((typed, key) => {
      keys.push(key.escape ? 'Escape' : key.leftArrow ? 'Left' : typed)
    })
    return null
  }
  const stdout = new FakeStdout(80, 24, async () => {})
  const app = render(<Keys />, {
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    interactive: true,
    patchConsole: false,
  })
  onTestFinished(() => app.unmount())
  await turn()
  await input.type('a', '\x1b[0', 'n', 'b')
  expected.ms = 100
  await input.type('\x1b', '[0n', '\x1b[D')
  expected.ms = 100
  await input.type('\x1b')
  clock.advance(20)
  await vi.waitFor(() => expect(keys).toContain('Escape'), { timeout: PATIENCE_MS })
  expect(keys).toEqual(['a', 'b', 'Left', 'Escape'])
  expect(answers).toEqual([['status'], ['status']])
})
