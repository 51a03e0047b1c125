import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { spawn } from '@lydell/node-pty'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { PATIENCE_MS } from '../../../support/patience.ts'
import type { Order, State } from './fixtures/line-program.ts'

const PROGRAM = join(import.meta.dirname, 'fixtures/line-program.ts')
const STATUS_QUESTION = '\x1b[5n'
const ANSWER = '\x1b[0n'
const FRAME_BYTES = 20_000
/** The most that is sent without an answer, before the last frame and its questions. */
const WINDOW_BYTES = 32 * 1024

/** A shell that goes on reading from its terminal after the program has ended. */
const SHELL = ['bash', '-c', '"$@"; stty -a; read -r line && echo "read <$line>"', 'bash']

/** One whose terminal the program may use but not open; root is told to obey that. */
const STRANGERS_SHELL = [
  'bash',
  '-c',
  `chmod 0 "$(tty)"
  [ "$(id -u)" != 0 ] || set -- setpriv --bounding-set=-dac_override,-dac_read_search "$@"
  "$@"
  read -r line && echo "read <$line>"`,
  'bash',
]

/** The program on a pseudo-terminal that answers nothing by itself. */
async function started(under: readonly string[] = []) {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connected = once(server, 'connection')
  const [command = '', ...words] = [...under, process.execPath, PROGRAM]
  const { port } = server.address() as AddressInfo
  const env = { ...process.env, CONTROL_PORT: String(port) }
  const pty = spawn(command, words, { cols: 100, rows: 40, env })
  const terminal = { output: '' }
  pty.onData(data => {
    terminal.output += data
  })
  const ended = new Promise<{ exitCode: number }>(resolve => pty.onExit(resolve))
  onTestFinished(() => {
    server.close()
    try {
      pty.kill('SIGKILL')
    } catch {
      // It has ended already.
    }
  })
  const [socket] = await connected
  socket.on('error', () => {})
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  const order = async (what: Order): Promise<State> => {
    socket.write(`${what}\n`)
    return JSON.parse((await lines.next()).value as string) as State
  }
  /** Asks for the state until it is as wanted. */
  const until = async (wanted: (state: State) => boolean): Promise<State> => {
    for (;;) {
      const state = await order('state')
      if (wanted(state)) return state
    }
  }
  const shows = (text: string | RegExp) =>
    vi.waitFor(() => expect(terminal.output).toMatch(text), { timeout: PATIENCE_MS })
  await shows(STATUS_QUESTION)
  return { pty, terminal, ended, socket, order, until, shows }
}

/** The numbers of the frames that came, and whether each was whole but the last. */
function framesIn(output: string): number[] {
  const frames = [...output.replaceAll(STATUS_QUESTION, '').matchAll(/<(\d+)>(\.*)/g)]
  for (const [whole] of frames.slice(0, -1)) expect(whole.length).toBe(FRAME_BYTES)
  return frames.map(([, number]) => Number(number))
}

describe('a terminal that is not read', () => {
  it('stops neither the thread nor the memory, and is drawn on again once it is read', async () => {
    const { pty, terminal, order, until } = await started()
    pty.pause()
    await order('draw')
    const stuck = await until(({ free }) => !free)
    const later = await until(({ turns }) => turns > stuck.turns + 100)
    expect(later).toMatchObject({ free: false, frames: stuck.frames })
    expect(later.waiting).toBeLessThan(FRAME_BYTES + 100)
    pty.resume()
    const after = await until(({ frames }) => frames > stuck.frames + 10)
    await vi.waitFor(
      () => expect(framesIn(terminal.output).length).toBeGreaterThan(after.frames - 2),
      PATIENCE_MS,
    )
    const shown = framesIn(terminal.output)
    expect(shown).toEqual(shown.map((_, index) => index + 1))
  })

  it('stops nobody who writes errors to it either', async () => {
    const { pty, terminal, order, until, shows } = await started()
    pty.pause()
    await order('draw')
    await until(({ free }) => !free)
    await order('complain')
    expect(terminal.output).not.toContain('wrong')
    pty.resume()
    await shows('something is wrong')
  })
})

describe('a terminal that is read by something between', () => {
  it('gets no more than its window without having seen it', async () => {
    const { pty, terminal, order, until } = await started()
    pty.write(`\x1b[?2026;2$y${ANSWER}`)
    await until(({ synchronised }) => synchronised)
    await order('draw')
    const waiting = await until(({ free, waiting }) => !free && waiting === 0)
    const later = await until(({ turns }) => turns > waiting.turns + 100)
    expect(later).toMatchObject({ free: false, frames: waiting.frames })
    expect(terminal.output.length).toBeLessThan(WINDOW_BYTES + FRAME_BYTES + 100)
    pty.write(ANSWER)
    expect((await until(({ frames }) => frames > waiting.frames)).typed).toBe('')
  })

  it('still gets what is typed', async () => {
    const { pty, until } = await started()
    pty.write(`a${ANSWER}b\x1b[A`)
    expect((await until(({ typed }) => typed.length >= 5)).typed).toBe('ab\x1b[A')
  })
})

describe('the shell afterwards', () => {
  it('is not typed the last answer', async () => {
    const { pty, terminal, order, shows } = await started(SHELL)
    await order('close')
    pty.write(ANSWER)
    await shows(/\sicanon\b/)
    pty.write('ls\n')
    await shows('read <ls>')
    expect(terminal.output).not.toContain('^[')
  })

  it('can read from its terminal, also when the program was killed', async () => {
    const { pty, socket, shows } = await started(SHELL)
    socket.write('die\n')
    await shows(/icanon\b/)
    pty.write('ls\n')
    await shows('read <ls>')
  })

  it.runIf(process.platform === 'linux')(
    'can do so where the terminal is not the program’s own',
    async () => {
      const { pty, socket, shows } = await started(STRANGERS_SHELL)
      socket.write('die\n')
      await shows('Killed')
      pty.write('ls\n')
      await shows('read <ls>')
    },
  )
})
