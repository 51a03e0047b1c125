/** The program as it is built, on a pseudo-terminal, with a node on loopback. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PtyScreen } from '../../test/support/pty-screen.ts'

const CLI = join(import.meta.dirname, '../../dist/cli.js')
const LOADED = new URL('../programs/with-loaded-node.ts', import.meta.url).href
/** Nothing that is kept, and loopback alone. */
const PLAIN = ['--ephemeral', '--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0']
const COLUMNS = 120
const ROWS = 40

/** What the program is given. */
export interface RealProgramOptions {
  /** Further words of its command line, e.g. multiaddrs to dial. */
  args?: readonly string[]
  /** Path of the socket from which its node takes orders; absent: the node is the program's own, without a load. */
  load?: string
  /** A module that is loaded before it, in each of its threads, and what it finds in its environment. */
  preloaded?: { module: string; env: Readonly<Record<string, string>> }
  /** Who it is and where it listens. @default nobody in particular, on loopback */
  self?: readonly string[]
}

/** The program, keeping to loopback and writing nothing to the home directory. Close it, also when measuring fails. */
export class RealProgram extends PtyScreen implements AsyncDisposable {
  readonly home: string

  constructor({ args = [], load, self = PLAIN, ...options }: RealProgramOptions = {}) {
    const home = mkdtempSync(join(tmpdir(), 'p2p-tui-bench-home-'))
    const { PATH = '' } = process.env
    const preloaded = load === undefined ? options.preloaded : { module: LOADED, env: { BENCH_LOAD: load } }
    super({
      command: process.execPath,
      args: [...(preloaded === undefined ? [] : ['--import', preloaded.module]), CLI, ...self, ...args],
      env: {
        PATH,
        HOME: home,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        ...preloaded?.env,
      },
      columns: COLUMNS,
      rows: ROWS,
    })
    this.home = home
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill('SIGKILL')
    await this.ended
    this.terminal.dispose()
    rmSync(this.home, { recursive: true, force: true })
  }

  /** Only the emulator needs what came: kept as well, it would be all this process holds. */
  protected override received(data: string): void {
    this.terminal.write(data)
  }
}
