/** The measured program on a pseudo-terminal. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as passed } from 'node:timers/promises'
import { PtyScreen, type Wanted } from '../../test/support/pty-screen.ts'
import type { Done, NodeSetting, Order } from '../world/orders.ts'
import type { ScreenSetting } from '../world/setting.ts'
import { builtScreen } from './build.ts'
import { changedCells, leastBytes, looksOf } from './cells.ts'
import { Control } from './control.ts'

/** A program that has written nothing for so long has drawn all it had to: its frames are 80 ms apart at the most. */
const QUIET_MS = 100

/** How large the terminal is, how the program draws, and what the swarm is like. */
export interface MeasuredSetting extends ScreenSetting, Omit<NodeSetting, 'control'> {
  columns: number
  rows: number
}

/** What a change cost. */
export interface Change {
  /** Bytes that the terminal received. */
  bytes: number
  /** Cells that look different. */
  cells: number
  /** What they would take at the least: see {@link leastBytes}. */
  least: number
}

/** A setting with its usual values. */
export function setting(given: Partial<MeasuredSetting> = {}): MeasuredSetting {
  return {
    columns: 120,
    rows: 40,
    writer: 'program',
    stillTime: true,
    steppedTime: true,
    ageMs: 0,
    peers: 40,
    connected: 30,
    ...given,
  }
}

/** The program and its terminal. Close it, also when measuring fails: `await using` does. */
export class MeasuredScreen extends PtyScreen implements AsyncDisposable {
  readonly #control: Control
  readonly #home: string
  /** Bytes received so far. */
  bytes = 0
  /** When the latest bytes came, on the clock of `performance.now()`. */
  receivedAt = 0
  /** Called when received bytes have been drawn, with the moment they came. */
  onDrawn: (receivedAt: number) => void = () => {}

  private constructor(program: string, control: Control, given: MeasuredSetting) {
    const { columns, rows, writer, stillTime, ...node } = given
    const home = mkdtempSync(join(tmpdir(), 'p2p-tui-bench-home-'))
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: home,
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      NODE_ENV: 'production',
      BENCH_SCREEN: JSON.stringify({ writer, stillTime } satisfies ScreenSetting),
      BENCH_NODE: JSON.stringify({ ...node, control: control.path } satisfies NodeSetting),
    }
    super({ command: process.execPath, args: [program], env, columns, rows })
    this.#control = control
    this.#home = home
  }

  /** Starts the program and waits until it shows its peers. */
  static async start(given: MeasuredSetting): Promise<MeasuredScreen> {
    const screen = new MeasuredScreen(await builtScreen(), new Control(), given)
    try {
      await screen.waitFor(`${given.connected} connected`)
      await screen.quiet()
      return screen
    } catch (error) {
      await screen[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Lets something happen in the swarm. */
  order(order: Order): Promise<Done> {
    return this.#control.order(order)
  }

  /** What it costs to show what `cause` leads to: all until the screen shows it and then stands still. */
  async change(cause: () => unknown, wanted: Wanted): Promise<Change> {
    const bytes = this.bytes
    const before = looksOf(this.terminal)
    await cause()
    await this.waitFor(wanted)
    await this.quiet()
    const after = looksOf(this.terminal)
    return {
      bytes: this.bytes - bytes,
      cells: changedCells(before, after),
      least: leastBytes(before, after, this.terminal.cols),
    }
  }

  /** Waits until the program has not written for a while and all it wrote has been drawn. */
  async quiet(): Promise<void> {
    do await passed(QUIET_MS)
    while (performance.now() - this.receivedAt < QUIET_MS)
    await new Promise<void>(resolve => this.terminal.write('', resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL')
    await this.ended
    this.#control.close()
    this.terminal.dispose()
    rmSync(this.#home, { recursive: true, force: true })
  }

  protected override received(data: string): void {
    const receivedAt = performance.now()
    this.receivedAt = receivedAt
    this.bytes += Buffer.byteLength(data)
    this.terminal.write(data, () => this.onDrawn(receivedAt))
  }
}
