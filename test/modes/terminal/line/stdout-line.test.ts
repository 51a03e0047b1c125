import { describe, expect, it } from 'vitest'
import { openTerminalLine } from '../../../../src/modes/terminal/line/open.ts'
import { ManualClock } from '../../../support/manual-clock.ts'
import { FakeTerminalInput, FakeTerminalOutput, turn } from './fake-terminal.ts'

const QUESTION = '\x1b[5n'
const ANSWER = '\x1b[0n'
const FRAME = 'x'.repeat(2000)

/** A line whose terminal has been asked what it can do, and has said so unless it is `silent`. */
async function opened({ silent = false } = {}) {
  const [clock, input, output] = [new ManualClock(), new FakeTerminalInput(), new FakeTerminalOutput()]
  const [stdin, stdout, stderr] = [input.asStream(), output.asStream(), new FakeTerminalOutput().asStream()]
  const terminal = openTerminalLine({ stdin, stdout, stderr, clock })
  terminal.ask()
  if (!silent) await input.type(`\x1b[?2026;2$y${ANSWER}`)
  let freed = 0
  terminal.line.onFree(() => {
    freed += 1
  })
  const fill = (): void => {
    while (terminal.line.free) terminal.line.send(FRAME)
  }
  const questions = (): number => output.taken.split(QUESTION).length - 1
  return { clock, input, output, ...terminal, fill, questions, freed: () => freed }
}

describe('a line to a terminal', () => {
  it('asks in raw mode, so that no answer is echoed', async () => {
    const { input, output } = await opened({ silent: true })
    expect(output.taken).toBe(`\x1b[?2026$p${QUESTION}`)
    expect(input.rawModes).toEqual([true])
  })

  it.each([
    ['\x1b[?2026;2$y', true],
    ['\x1b[?2026;1$y', true],
    ['\x1b[?2026;0$y', false],
    ['\x1b[?2026;4$y', false],
    ['', false],
  ])('knows from %j whether output is synchronised: %s', async (answer, synchronised) => {
    const { input, line } = await opened({ silent: true })
    await input.type(answer + ANSWER)
    expect(line.synchronised).toBe(synchronised)
  })

  it('sends what it is given, in order, with a question after a thousand bytes', async () => {
    const { line, output } = await opened()
    output.taken = ''
    line.send('a')
    line.send('b'.repeat(1022))
    expect(output.taken).toBe(`a${'b'.repeat(1022)}`)
    line.send('é')
    expect(output.taken).toBe(`a${'b'.repeat(1022)}é${QUESTION}`)
  })

  it('is not free while too much is unacknowledged, and says when it is again', async () => {
    const { line, input, output, fill, freed } = await opened()
    output.taken = ''
    fill()
    expect(output.taken.length).toBeGreaterThan(FRAME.length)
    expect(output.taken.length).toBeLessThan(10_000)
    expect(freed()).toBe(0)
    await input.type(ANSWER)
    expect(line.free).toBe(true)
    expect(freed()).toBe(1)
  })

  it('goes on for ever with a terminal that answers', async () => {
    const { input, fill, questions, line } = await opened()
    for (let n = 0; n < 50; n += 1) {
      const before = questions()
      fill()
      await input.type(ANSWER)
      expect(line.free).toBe(true)
      expect(questions()).toBeGreaterThan(before)
    }
  })

  it('is always free for a terminal that has never answered', async () => {
    const { line, clock, output, questions } = await opened({ silent: true })
    for (let n = 0; n < 100; n += 1) line.send(FRAME)
    clock.advance(60_000)
    expect(line.free).toBe(true)
    expect(questions()).toBe(1)
    expect(output.taken.length).toBeGreaterThan(200_000)
  })

  it('asks again while no answer comes, and listens to whichever does', async () => {
    const { line, clock, input, fill, questions } = await opened()
    fill()
    const before = questions()
    clock.advance(9000)
    expect(questions() - before).toBe(3)
    await input.type(ANSWER)
    expect(line.free).toBe(true)
  })

  it('sends nothing of its own when nothing is to be sent', async () => {
    const { line, clock, output } = await opened()
    output.taken = ''
    line.send('quiet')
    clock.advance(3_600_000)
    expect(output.taken).toBe('quiet')
    expect(clock.pending).toBe(0)
  })

  it('is not free while the stream has not taken everything, and adds nothing to what waits', async () => {
    const { line, clock, output, freed } = await opened()
    output.hang()
    line.send(FRAME)
    line.send('and the rest')
    expect(line.free).toBe(false)
    const waiting = output.writableLength
    clock.advance(60_000)
    expect(output.writableLength).toBe(waiting)
    await output.goOn()
    expect(line.free).toBe(true)
    expect(freed()).toBe(1)
    expect(output.taken).toContain('and the rest')
  })

  it('has the size of its terminal, or the usual one, and tells when it changes', async () => {
    const { line, output } = await opened()
    const sizes: number[] = []
    const cancel = line.onResize(() => sizes.push(line.columns, line.rows))
    Object.assign(output, { columns: 132, rows: 50 })
    output.emit('resize')
    cancel()
    output.emit('resize')
    expect(sizes).toEqual([132, 50])
    Object.assign(output, { columns: 0, rows: 0 })
    expect([line.columns, line.rows]).toEqual([80, 24])
  })

  it('tells once of each signal, also of one after which the size is what it was', async () => {
    const { line, output } = await opened()
    let told = 0
    const cancel = line.onResize(() => {
      told += 1
    })
    const signal = (resized: boolean) => {
      if (resized) output.emit('resize')
      process.emit('SIGWINCH', 'SIGWINCH')
      return told
    }
    expect([signal(false), signal(true), signal(false), signal(false)]).toEqual([1, 2, 3, 4])
    cancel()
    expect(signal(true)).toBe(4)
  })

  it('tells nobody who has stopped listening', async () => {
    const { line, input, fill } = await opened()
    let told = 0
    line.onFree(() => {
      told += 1
    })()
    fill()
    await input.type(ANSWER)
    expect(told).toBe(0)
  })
})

describe('a shell that has the terminal meanwhile', () => {
  it('gets no answer, and leaves nothing to wait for', async () => {
    const { line, stdin, input, handedBack, fill, freed, clock, questions } = await opened()
    fill()
    stdin.setRawMode(false)
    await input.type(ANSWER, ANSWER)
    await handedBack()
    expect(input.rawModes).toEqual([true, false])
    expect(freed()).toBe(1)

    const before = questions()
    line.send(FRAME)
    clock.advance(60_000)
    expect(questions()).toBe(before)
    stdin.setRawMode(true)
    expect(line.free).toBe(true)
    fill()
    expect(questions()).toBe(before + 1)
  })

  it('is not drawn on by whoever waits for a free line', async () => {
    const { stdin, clock, handedBack, fill, freed } = await opened()
    fill()
    stdin.setRawMode(false)
    clock.advance(500)
    await handedBack()
    expect(freed()).toBe(0)
    stdin.setRawMode(true)
    await turn()
    expect(freed()).toBe(1)
  })
})

describe('the end', () => {
  it('comes at once when nothing is on its way', async () => {
    const { input, close, clock } = await opened()
    await close()
    expect(input.rawModes).toEqual([true, false])
    expect(clock.pending).toBe(0)
  })

  it('waits for the last answer, two round trips and a little more at most', async () => {
    const { line, input, close, clock } = await opened()
    line.send(FRAME)
    clock.advance(50)
    await input.type(ANSWER)
    line.send(FRAME)
    const closed = close()
    clock.advance(299)
    expect(input.rawModes).toEqual([true])
    clock.advance(1)
    await closed
    expect(input.rawModes).toEqual([true, false])
  })

  it('asks nothing more', async () => {
    const { line, input, close, questions, clock } = await opened()
    await close()
    const before = questions()
    line.send(FRAME)
    clock.advance(10_000)
    expect(questions()).toBe(before)
    expect(input.listenerCount('data')).toBe(0)
  })
})
