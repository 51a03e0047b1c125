import { setTimeout as passed } from 'node:timers/promises'
import type { Figure } from '../figure.ts'
import { Child } from '../node/child.ts'
import { LoadedProgram } from '../node/loaded.ts'
import type { Answered } from '../programs/questioner.ts'

const UNREAD_MS = 15_000
/** So much goes on meanwhile that a screen would be drawn all the time. */
const PER_SECOND = 1000
/** Before, a load beside which this is little: the heaps have their size then, and what they grow by is kept for good. */
const WARM_UP = { do: 'load', perSecond: 10_000, forMs: 15_000 } as const
const LISTENING = /\/ip4\/127\.0\.0\.1\/tcp\/\d+/
const NEWS = 'the terminal was not read'

/** A terminal that nobody reads: what it does to the node, to memory, and how soon the screen is right again. */
export const stalled: Figure = {
  title: 'terminal unread for 15 s',
  short: false,
  async measure() {
    await using program = await LoadedProgram.start()
    const { load } = program
    await program.waitFor(LISTENING)
    const address = LISTENING.exec(program.screen()[0] ?? '')?.[0] ?? ''
    await load.order(WARM_UP)
    const beforeMb = await program.memoryInUseMb()

    await using other = new Child('questioner', { args: [address, String(UNREAD_MS)] })
    await other.said<Answered>()
    program.pause()
    await load.order({ do: 'load', perSecond: PER_SECOND, forMs: UNREAD_MS })
    await load.order({ do: 'warn', words: NEWS })
    const { answers, longestGapMs } = await other.said<Answered>()

    const growthMb = (await program.memoryInUseMb()) - beforeMb

    const resumedAt = performance.now()
    program.resume()
    await program.waitFor(
      rows => rows[0]?.includes('p2p-tui') === true && rows.some(row => row.includes(NEWS)),
    )
    const rightMs = performance.now() - resumedAt
    return [
      {
        name: "unread terminal, longest gap of the node's answers",
        value: longestGapMs,
        unit: 'ms',
        atMost: 250,
        note: `${answers} pings of another node, ${PER_SECOND.toLocaleString('en')} events/s`,
      },
      {
        name: 'unread terminal, growth of memory',
        value: growthMb,
        unit: 'MB',
        atMost: 20,
        note: `from ${beforeMb.toFixed(0)} MB, garbage collected`,
      },
      {
        name: 'unread terminal, screen right again',
        value: rightMs,
        unit: 'ms',
        atMost: 1000,
        note: await redrawn(program),
      },
    ]
  },
}

/** Lets the program draw everything anew, and says how many rows that changes: none, if it knew what was shown. */
async function redrawn(program: LoadedProgram): Promise<string> {
  await passed(500)
  const before = program.screen().map(withoutTimes)
  program.resize(121, 40)
  await passed(500)
  program.resize(120, 40)
  await passed(500)
  const changed = program.screen().filter((row, y) => withoutTimes(row) !== before[y])
  return `${changed.length} of ${before.length} rows change when all is drawn anew`
}

/** Ages go on meanwhile. */
function withoutTimes(row: string): string {
  return row.replaceAll(/\d+\s*(?=\w)/g, '').replaceAll(/\s+/g, ' ')
}
