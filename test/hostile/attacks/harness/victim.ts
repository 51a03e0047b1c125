import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { VICTIM } from './hosts.ts'

/** An event as the program prints it. */
export interface Told {
  type: string
  /** When the line came, by `performance.now()`. */
  heardAt: number
  [field: string]: unknown
}

export interface VictimOptions {
  /** The program: a path to its cli.js. */
  program: string
  /** Words of its command line, beside those that have it print JSON. */
  args?: readonly string[]
  /** Where it listens. @default TCP on {@link VICTIM} */
  listen?: readonly string[]
  /** False: without mDNS. @default false */
  mdns?: boolean
  /** How many file descriptors it may have. */
  descriptors?: number
  /** Its home directory, which holds its profiles, and where it is started. @default an empty one, gone with it */
  home?: string
}

/** Events that are kept; of others only the last {@link OTHERS_KEPT}. */
const KEPT =
  /^(dial:succeeded|dial:failed|connection:refused|stream:refused|limit:exceeded|(warning|listen|node):.*)$/
const OTHERS_KEPT = 500
/** Events that say that somebody exceeds a limit, or that something is amiss. */
const EXCESS = new Set(['connection:refused', 'stream:refused', 'limit:exceeded', 'warning:raised'])
const START_MS = 20_000
const STOP_MS = 5_000

/** The program as it is built, without a screen: what it prints, and what its operator types. */
export class Victim implements AsyncDisposable {
  readonly child: ChildProcess
  readonly home: string
  /** What it wrote to standard error. */
  errors = ''
  /** How it ended; undefined as long as it runs. */
  ended: { code: number | null; signal: NodeJS.Signals | null } | undefined
  readonly #events: Told[] = []
  readonly #others: Told[] = []
  readonly #waiting = new Set<() => void>()
  readonly #ownHome: boolean
  #looking = false

  private constructor({ program, args = [], listen, mdns = false, descriptors, home }: VictimOptions) {
    this.#ownHome = home === undefined
    this.home = home ?? scratchHome()
    const words = [
      ...[process.execPath, resolve(program), '--headless', '--json'],
      ...(mdns ? [] : ['--no-mdns']),
      ...(listen ?? [`/ip4/${VICTIM}/tcp/0`]).flatMap(address => ['--listen', address]),
      ...args,
    ]
    const limited = descriptors === undefined ? [] : ['sh', '-c', `ulimit -n ${descriptors}; exec "$@"`, 'sh']
    const [command = '', ...rest] = [...limited, ...words]
    this.child = spawn(command, rest, {
      cwd: this.home,
      env: { PATH: process.env.PATH ?? '', HOME: this.home, LANG: 'C.UTF-8' },
      stdio: 'pipe',
    })
    this.child.stdin?.on('error', () => {})
    if (this.child.stdout !== null) {
      createInterface({ input: this.child.stdout }).on('line', line => this.#heard(line))
    }
    this.child.stderr?.on('data', text => {
      this.errors = `${this.errors}${text}`.slice(-10_000)
    })
    this.child.once('close', (code, signal) => {
      this.ended = { code, signal }
      for (const look of this.#waiting) look()
    })
  }

  /** Starts it, and waits until it listens everywhere. @throws if it does not come to that */
  static async start(options: VictimOptions): Promise<Victim> {
    const victim = new Victim(options)
    const wanted = (options.listen ?? [VICTIM]).length
    const listens = () => victim.addresses().length >= wanted || victim.ended !== undefined
    if (!(await victim.until(listens, START_MS)) || victim.ended !== undefined) {
      await victim[Symbol.asyncDispose]()
      throw new Error(`the program did not start: ${victim.errors}`)
    }
    return victim
  }

  /** Its id. Only of use while it runs. */
  get pid(): number {
    return this.child.pid ?? 0
  }

  /** Where it listens, as it told. */
  addresses(): string[] {
    return this.#events.flatMap(({ type, address }) => (type === 'listen:opened' ? [String(address)] : []))
  }

  /** Types a line. */
  type(line: string): void {
    this.child.stdin?.write(`${line}\n`)
  }

  /** What it told of a type, of what is kept, in order. */
  told(type: string): Told[] {
    return [...this.#events, ...this.#others].filter(event => event.type === type)
  }

  /** What exceeded its limits or was amiss, and how often altogether. */
  excess(): { events: Told[]; count: number } {
    const events = this.#events.filter(({ type }) => EXCESS.has(type))
    const count = events.reduce((sum, event) => sum + Number(event.count ?? 1), 0)
    return { events, count }
  }

  /** Waits until something holds, looking at each event and once in a while. @returns whether it came to that in time */
  until(holds: () => boolean, withinMs: number): Promise<boolean> {
    return new Promise(resolve => {
      const end = (held: boolean) => {
        this.#waiting.delete(look)
        clearInterval(now)
        clearTimeout(late)
        resolve(held)
      }
      const look = () => holds() && end(true)
      const now = setInterval(look, 20)
      const late = setTimeout(() => end(holds()), withinMs)
      this.#waiting.add(look)
      look()
    })
  }

  /** Ends it as its operator would. @returns its exit code, or the signal that it took */
  async quit(): Promise<number | NodeJS.Signals | null> {
    if (this.ended === undefined) {
      const closed = once(this.child, 'close')
      this.type('quit')
      const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS)
      await closed
      clearTimeout(late)
    }
    return this.ended?.code ?? this.ended?.signal ?? null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.ended === undefined) {
      const closed = once(this.child, 'close')
      this.child.kill('SIGKILL')
      await closed
    }
    if (this.#ownHome) rmSync(this.home, { recursive: true, force: true })
  }

  #heard(line: string): void {
    const event: Told = { ...JSON.parse(line), heardAt: performance.now() }
    if (KEPT.test(event.type)) {
      this.#events.push(event)
    } else {
      this.#others.push(event)
      if (this.#others.length > OTHERS_KEPT) this.#others.shift()
    }
    // Once for all lines that came together: there may be thousands a second.
    if (this.#looking || this.#waiting.size === 0) return
    this.#looking = true
    setImmediate(() => {
      this.#looking = false
      for (const look of this.#waiting) look()
    })
  }
}

/** An empty home directory. Remove it. */
export function scratchHome(): string {
  return mkdtempSync(join(tmpdir(), 'p2p-tui-attack-'))
}
