import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { safeText, say } from '../../../src/core/safe-text.ts'
import { clipboardSequence } from '../../../src/modes/terminal/clipboard.ts'
import { type Ending, watchEndings } from '../../../src/modes/terminal/endings.ts'
import { glyphsFor } from '../../../src/modes/terminal/signs.ts'
import { guardStderr } from '../../../src/modes/terminal/stderr-guard.ts'
import { jobControl } from '../../../src/modes/terminal/suspend.ts'
import { asciiGlyphs, unicodeGlyphs } from '../../../src/ui/glyphs.ts'

describe('the clipboard', () => {
  it('is asked for with OSC 52, inside tmux also of the terminal outside', () => {
    expect(clipboardSequence(say`/ip4/é`, false)).toBe('\x1b]52;c;L2lwNC/DqQ==\x07')
    expect(clipboardSequence(say`a`, true)).toBe('\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\')
  })
  it('is left alone when terminals would drop the text', () => {
    expect(clipboardSequence(safeText('x'.repeat(60_000), 60_000), false)).toBeUndefined()
  })
})

describe('stderr while the screen is up', () => {
  it('goes elsewhere line by line, cleaned, and back afterwards', () => {
    const written: unknown[] = []
    const stream = { write: (chunk: unknown) => written.push(chunk) > 0 }
    const lines: string[] = []
    const release = guardStderr(stream as never, line => lines.push(line))
    stream.write('half a ')
    stream.write(Buffer.from('line\n\n\x1b[31mred\n'))
    stream.write('x'.repeat(10_000))
    expect(lines.slice(0, 2)).toEqual(['half a line', '\uFFFD[31mred'])
    expect(lines).toHaveLength(3)
    expect(written).toEqual([])
    release()
    stream.write('after')
    expect(written).toEqual(['after'])
  })

  it('tells whoever waits that the write is done', async () => {
    const stream = { write: () => true }
    guardStderr(stream as never, () => {})
    await new Promise<void>(done => (stream.write as (...rest: unknown[]) => boolean)('x', 'utf8', done))
  })
})

describe('what ends the screen from outside', () => {
  function watched() {
    const [process, stdin, stdout] = [new EventEmitter(), new EventEmitter(), new EventEmitter()]
    const endings: Ending[] = []
    const cancel = watchEndings({ process: process as NodeJS.Process, stdin, stdout }, ending =>
      endings.push(ending),
    )
    return { process, stdin, stdout, endings, cancel }
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
    ['SIGUSR1', 138],
    ['SIGUSR2', 140],
    ['SIGABRT', 134],
  ])('%s gives %i', (signal, exitCode) => {
    const { process, endings } = watched()
    process.emit(signal, signal, exitCode - 128)
    expect(endings).toEqual([{ exitCode }])
  })

  it('a terminal that is gone is a hang-up, however it shows, and only one', () => {
    const { process, stdin, stdout, endings } = watched()
    stdout.emit('error', new Error('write EIO'))
    stdin.emit('end')
    process.emit('SIGHUP')
    expect(endings).toEqual([{ exitCode: 129 }])
    const other = watched()
    other.stdin.emit('end')
    expect(other.endings).toEqual([{ exitCode: 129 }])
  })

  it('errors that nobody caught are kept, to be told afterwards', () => {
    const { process, endings } = watched()
    const error = new Error('boom')
    process.emit('uncaughtException', error)
    expect(endings).toEqual([{ exitCode: 1, error }])
  })

  it('leaves nothing behind but the guard against a dead terminal', () => {
    const { process, stdin, stdout, cancel } = watched()
    cancel()
    expect(process.eventNames()).toEqual([])
    expect(stdin.eventNames()).toEqual([])
    expect(() => stdout.emit('error', new Error('EIO'))).not.toThrow()
  })
})

it('Ctrl-Z stops the whole job and goes on when it is brought back', async () => {
  const sent: unknown[] = []
  const process = Object.assign(new EventEmitter(), {
    pid: 77,
    kill: (...args: unknown[]) => sent.push(args),
  })
  const handedBack = Promise.withResolvers<void>()
  const suspended = jobControl(process, () => handedBack.promise).stop()
  expect(sent).toEqual([])
  handedBack.resolve()
  await handedBack.promise
  expect(sent).toEqual([
    [0, 'SIGTSTP'],
    [77, 'SIGSTOP'],
  ])
  process.emit('SIGCONT')
  await suspended
})

it('whoever stops the program from outside gets the terminal too, once', async () => {
  const process = Object.assign(new EventEmitter(), { pid: 77, kill: () => true })
  const job = jobControl(process, async () => {})
  let asked = 0
  const cancel = job.onAsked(() => {
    asked += 1
  })
  process.emit('SIGTSTP')
  expect(asked).toBe(1)
  const suspended = job.stop()
  await Promise.resolve()
  // Its own signal to the job comes back to it.
  process.emit('SIGTSTP')
  process.emit('SIGCONT')
  await suspended
  expect(asked).toBe(1)
  cancel()
  expect(process.eventNames()).toEqual([])
})

it('signs are ASCII where the terminal says that it knows no others', () => {
  expect(glyphsFor({})).toBe(unicodeGlyphs)
  expect(glyphsFor({ LANG: 'de_DE.UTF-8' })).toBe(unicodeGlyphs)
  expect(glyphsFor({ LANG: 'de_DE.UTF-8', LC_ALL: 'C' })).toBe(asciiGlyphs)
  expect(glyphsFor({ LANG: 'C.UTF-8', TERM: 'linux' })).toBe(asciiGlyphs)
})
