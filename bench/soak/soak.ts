/** A program on a terminal that is read slowly, among peers that come and go: what it holds, again and again. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as passed } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openDescriptors, residentMb } from '../node/process.ts'
import { RealProgram } from '../node/real-program.ts'
import { LEAST_SAMPLES, type Sample } from './judge.ts'
import type { Held } from './probe.ts'

const PROBE = new URL('./probe.ts', import.meta.url).href
const CROWD = fileURLToPath(new URL('./crowd.ts', import.meta.url))
const LISTENING = /\/ip4\/127\.0\.0\.1\/tcp\/\d+/
const THREADS = 2
/** Of each so many ms the terminal is read for so many. */
const READ = { ofMs: 1_000, forMs: 200 }
/** Both threads have answered by then; a node that is busy for longer is lost. */
const ANSWER_MS = 60_000
const MINUTE_MS = 60_000
/** A timer may go off a little late, or early. */
const SLACK_MS = 100
const MEASURED_VIEW = '1'
const OTHER_VIEWS = ['2', '3', '4']
/** What is there only for the moment, such as a visit, is no growth: a sample is the least of so many looks. */
const LOOKS = 5
const LOOK_AGAIN_MS = 2_000

/**
 * Runs it for so many minutes.
 *
 * @param every from one sample to the next, in ms
 * @param tell is called with each sample
 * @throws if the program ends before
 */
export async function soak(
  minutes: number,
  every: number,
  tell: (sample: Sample) => void,
): Promise<Sample[]> {
  using probe = new Probe()
  await using program = new RealProgram({
    self: ['--no-mdns', '--listen', '/ip4/127.0.0.1/tcp/0'],
    preloaded: { module: PROBE, env: { SOAK_PROBE: probe.path } },
  })
  await program.waitFor(LISTENING)
  using crowd = new Crowd(LISTENING.exec(program.screen().join('\n'))?.[0] ?? '')
  using reader = new SlowReader(program)
  const began = performance.now()
  const samples: Sample[] = []
  const since = () => performance.now() - began
  while (since() + every <= minutes * MINUTE_MS + SLACK_MS || samples.length < LEAST_SAMPLES) {
    // On the beat, also where a sample took its time.
    await passed(every - (since() % every))
    const minute = since() / MINUTE_MS
    // Each view holds as much as it shows: the same one is open at each sample, and the others in between.
    program.press(MEASURED_VIEW)
    await passed(LOOK_AGAIN_MS)
    const looks: Look[] = []
    while (looks.length < LOOKS) {
      if (looks.length > 0) await passed(LOOK_AGAIN_MS)
      const threads = await Promise.race([probe.ask(), program.ended.then(() => undefined)])
      if (threads === undefined || crowd.ended)
        throw new Error(`the ${crowd.ended ? 'crowd' : 'program'} has ended`)
      looks.push(lookAt(program, threads))
    }
    const sample: Sample = { ...least(looks), minute, visits: crowd.visitsSince() }
    samples.push(sample)
    tell(sample)
    program.press(OTHER_VIEWS[samples.length % OTHER_VIEWS.length] ?? '')
  }
  reader.stop()
  return samples
}

type Look = Omit<Sample, 'minute' | 'visits'>

function lookAt({ pid, home }: RealProgram, threads: readonly Held[]): Look {
  const sum = (of: (held: Held) => number) => threads.reduce((total, held) => total + of(held), 0)
  return {
    heapMb: sum(({ heapMb }) => heapMb),
    residentMb: residentMb(pid),
    handles: sum(({ handles }) => handles),
    timers: sum(({ timers }) => timers),
    listeners: sum(({ listeners }) => listeners),
    descriptors: openDescriptors(pid),
    diskMb: bytesBelow(home) / 2 ** 20,
  }
}

/** The least of each. */
function least([first, ...others]: readonly Look[]): Look {
  const all = { ...first } as Look
  for (const look of others) {
    for (const what of Object.keys(all) as (keyof Look)[]) all[what] = Math.min(all[what], look[what])
  }
  return all
}

/** The program's threads, as the probe in each answers. */
class Probe implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'p2p-tui-soak-'))
  readonly path = join(this.#folder, 'probe')
  readonly #server: Server
  readonly #threads = new Set<Socket>()
  #heard: (held: Held) => void = () => {}

  constructor() {
    this.#server = createServer(socket => {
      this.#threads.add(socket)
      socket.on('error', () => {}).once('close', () => this.#threads.delete(socket))
      createInterface(socket).on('line', line => this.#heard(JSON.parse(line) as Held))
    }).listen(this.path)
  }

  /** What each thread holds. @throws if one is silent for too long */
  async ask(): Promise<Held[]> {
    const all = new Map<string, Held>()
    const { promise, resolve, reject } = Promise.withResolvers<Held[]>()
    this.#heard = held => {
      all.set(held.thread, held)
      if (all.size === THREADS) resolve([...all.values()])
    }
    const late = setTimeout(() => reject(new Error('a thread of the program does not answer')), ANSWER_MS)
    for (const socket of this.#threads) socket.write('hold\n')
    return await promise.finally(() => clearTimeout(late))
  }

  [Symbol.dispose](): void {
    for (const socket of this.#threads) socket.destroy()
    this.#server.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** The peers, in a process of their own. */
class Crowd implements Disposable {
  readonly #child: ChildProcess
  ended = false
  #visits = 0

  constructor(address: string) {
    this.#child = spawn(process.execPath, [CROWD, address], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child.stdout?.on('data', text => {
      this.#visits += String(text).split('\n').length - 1
    })
    this.#child.once('exit', () => {
      this.ended = true
    })
  }

  /** How many visits went well since this was asked last. */
  visitsSince(): number {
    const visits = this.#visits
    this.#visits = 0
    return visits
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}

/** Reads the terminal a little at a time. */
class SlowReader implements Disposable {
  readonly #program: RealProgram
  readonly #timer: NodeJS.Timeout
  #stop: NodeJS.Timeout | undefined

  constructor(program: RealProgram) {
    this.#program = program
    this.#timer = setInterval(() => this.#read(), READ.ofMs)
    program.pause()
  }

  /** Reads all from now on. */
  stop(): void {
    clearInterval(this.#timer)
    clearTimeout(this.#stop)
    this.#program.resume()
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #read(): void {
    this.#program.resume()
    this.#stop = setTimeout(() => this.#program.pause(), READ.forMs)
  }
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + sizeOf(join(entry.parentPath, entry.name)), 0)
}

/** A file may be gone again. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
