import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PtyScreen, type Wanted } from '../../test/support/pty-screen.ts'
import type { Figure, Reading } from '../figure.ts'
import { median } from '../statistics.ts'

const CLI = join(import.meta.dirname, '../../dist/cli.js')
const ARGS = ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0']
const ROUNDS = 9
const FRAME_AT_MOST = 9
const LISTENING_AT_MOST = 18

/** The status line says so, and the lowest line has the keys: it can be typed into. */
const FIRST_FRAME: Wanted = rows => rows[0]?.includes('starting') === true && rows.at(-1)?.trim() !== ''
const LISTENING: Wanted = rows => /127\.0\.0\.1[ :/]/.test(rows[0] ?? '')

/** One start, in ms since the process was made. */
interface Start {
  frameMs: number
  listeningMs: number
}

/** How long the program takes to its first frame and to a node that listens, beside Node.js that does nothing. */
export const start: Figure = {
  title: 'start',
  short: true,
  async measure() {
    const home = await mkdtemp(join(tmpdir(), 'p2p-tui-start-'))
    try {
      return await measureIn(home)
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  },
}

async function measureIn(home: string): Promise<Reading[]> {
  // Makes the identity and fills the cache of compiled code.
  for (let run = 0; run < 2; run += 1) await startOnce(home)
  const [bare, warm, cold]: [number[], Start[], Start[]] = [[], [], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await bareNode())
    warm.push(await startOnce(home))
    bare.push(await bareNode())
    cold.push(await startOnce(home, { NODE_DISABLE_COMPILE_CACHE: '1' }))
  }
  const bareMs = median(bare)
  const reading = (name: string, ms: number, atMost?: number): Reading => ({
    name,
    value: ms / bareMs,
    unit: 'x',
    ...(atMost === undefined ? {} : { atMost }),
    note: `${ms.toFixed(0)} ms against ${bareMs.toFixed(0)} of node -e 0`,
  })
  const frame = (starts: Start[]) => median(starts.map(({ frameMs }) => frameMs))
  const listening = (starts: Start[]) => median(starts.map(({ listeningMs }) => listeningMs))
  return [
    reading('spawn to first frame, 120x40', frame(warm), FRAME_AT_MOST),
    reading('spawn to listening, 120x40', listening(warm), LISTENING_AT_MOST),
    reading('spawn to first frame, nothing compiled yet', frame(cold)),
    reading('spawn to listening, nothing compiled yet', listening(cold)),
  ]
}

async function startOnce(home: string, more: Record<string, string> = {}): Promise<Start> {
  const from = performance.now()
  const screen = onTerminal([CLI, ...ARGS], { HOME: home, ...more })
  try {
    await screen.waitFor(FIRST_FRAME)
    const frameMs = performance.now() - from
    await screen.waitFor(LISTENING)
    const listeningMs = performance.now() - from
    screen.press('q')
    await screen.ended
    return { frameMs, listeningMs }
  } finally {
    screen.kill('SIGKILL')
  }
}

/** From spawn to the end of a Node.js that does nothing, on a terminal as the program, in ms. */
async function bareNode(): Promise<number> {
  const from = performance.now()
  await onTerminal(['-e', '0'], {}).ended
  return performance.now() - from
}

function onTerminal(args: readonly string[], more: Record<string, string>): PtyScreen {
  const { PATH = '' } = process.env
  const env = { PATH, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...more }
  return new PtyScreen({ command: process.execPath, args, env, columns: 120, rows: 40 })
}
