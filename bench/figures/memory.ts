import { setTimeout as passed } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { Child } from '../node/child.ts'
import { LoadedProgram } from '../node/loaded.ts'
import { residentMb } from '../node/process.ts'
import { RealProgram } from '../node/real-program.ts'
import type { Crowd } from '../programs/crowd.ts'

const PEERS = 100
const EVENTS = 10_000_000
/** Told before the first reading: the log is full then, and so is all else that is bounded. */
const FIRST_EVENTS = 100_000
const SETTLE_MS = 10_000

/** Memory of the program, screen and node together, and whether it grows. */
export const memory: Figure = {
  title: 'memory',
  short: false,
  async measure() {
    await using crowd = new Child('crowd', { args: [String(PEERS)] })
    const { addresses } = await crowd.said<Crowd>()
    const plainMb = await idleMemoryMb(addresses)
    await using program = await LoadedProgram.start(addresses)
    const { load, pid } = program
    await program.waitFor(`${PEERS} connected`)
    await passed(SETTLE_MS)
    const idleMb = residentMb(pid)

    /** After so many events; the node's own heap tells what lives from what is waiting to be collected. */
    const after = async (events: number) => {
      await load.order({ do: 'flood', count: events })
      await passed(SETTLE_MS)
      const mb = residentMb(pid)
      const { heapBytes = Number.NaN } = await load.order({ do: 'collect' })
      return { residentMb: mb, heapMb: heapBytes / 2 ** 20 }
    }
    const first = await after(FIRST_EVENTS)
    const last = await after(EVENTS - FIRST_EVENTS)
    const growth = last.residentMb / idleMb
    return [
      { name: `memory idle, ${PEERS} connected peers`, value: plainMb, unit: 'MB', note: 'resident' },
      {
        name: 'memory after 10 million events',
        value: growth,
        unit: 'x',
        atMost: 1.25,
        note: `${last.residentMb.toFixed(0)} MB against ${idleMb.toFixed(0)} MB idle, unbundled node; ${first.residentMb.toFixed(0)} MB after ${FIRST_EVENTS.toLocaleString('en')} events`,
      },
      {
        name: "node's heap after 10 million events, against 100,000",
        value: last.heapMb / first.heapMb,
        unit: 'x',
        atMost: 1.1,
        note: `${last.heapMb.toFixed(1)} MB against ${first.heapMb.toFixed(1)} MB, collected`,
      },
    ]
  },
}

/** What the program as it is built has when it is connected and nothing happens. */
async function idleMemoryMb(addresses: readonly string[]): Promise<number> {
  await using program = new RealProgram({ args: addresses })
  await program.waitFor(`${PEERS} connected`)
  await passed(SETTLE_MS)
  return residentMb(program.pid)
}
