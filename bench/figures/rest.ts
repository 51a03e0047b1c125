import { setTimeout as passed } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { Child } from '../node/child.ts'
import { cpuSeconds, cpuSecondsByThread } from '../node/process.ts'
import { RealProgram } from '../node/real-program.ts'
import type { Crowd } from '../programs/crowd.ts'

const PEERS = 100
/** Until what a start leaves behind (compiling, collecting, identify) is over. */
const SETTLE_MS = 20_000
const SECONDS = 60

/** What the program takes of the processor when nobody does anything. */
export const rest: Figure = {
  title: 'CPU at rest',
  short: false,
  async measure() {
    await using crowd = new Child('crowd', { args: [String(PEERS)] })
    const { addresses } = await crowd.said<Crowd>()
    await using program = new RealProgram({ args: addresses })
    await program.waitFor(`${PEERS} connected`)
    await passed(SETTLE_MS)
    const before = { all: cpuSeconds(program.pid), threads: cpuSecondsByThread(program.pid) }
    await passed(SECONDS * 1000)
    const percent = ((cpuSeconds(program.pid) - before.all) / SECONDS) * 100
    const shares = [...cpuSecondsByThread(program.pid)]
      .map(([name, seconds]) => ({ name, share: (seconds - (before.threads.get(name) ?? 0)) / SECONDS }))
      .filter(({ share }) => share > 0)
      .map(({ name, share }) => `${THREADS[name] ?? name} ${(share * 100).toFixed(2)}`)
    return [
      {
        name: `CPU at rest, ${PEERS} connected peers`,
        value: percent,
        unit: '%',
        atMost: 2,
        note: `of one core, over ${SECONDS} s: ${shares.join(', ')}`,
      },
    ]
  },
}

/** What the threads are for, by their names. */
const THREADS: Readonly<Record<string, string>> = {
  MainThread: 'screen',
  node: 'node',
  V8Worker: 'collecting and compiling',
}
