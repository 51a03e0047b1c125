import { once } from 'node:events'
import { forgetPeak, peakMb, residentMb } from '../../../bench/node/process.ts'
import type { Attack } from './harness/attack.ts'
import { finding } from './harness/finding.ts'
import { OwnDials } from './harness/own-dials.ts'
import type { Victim } from './harness/victim.ts'

const BYTES = 256 * 2 ** 20
/** What comes in stays until it is collected, tens of MB of it: a first line shows how much that is. */
const FIRST_BYTES = 64 * 2 ** 20
const PIECE = Buffer.alloc(2 ** 16, 'a')
const GIVE_UP_MS = 20_000

/** What is piped to the program by mistake: a file that is not made of lines. */
export const endlessInput: Attack = {
  title: `a line of ${BYTES / 2 ** 20} MiB on standard input`,
  short: true,
  async measure(stage) {
    const victim = await stage.victim()
    const { friends = [] } = await stage.bystanders().order({ do: 'gather', friends: 2, newcomers: 0 })
    const own = new OwnDials(victim, friends)
    await own.times(2)
    await typeLine(victim, FIRST_BYTES)
    forgetPeak(victim.pid)
    const before = residentMb(victim.pid)
    await typeLine(victim, BYTES)
    const dialed = await own.once()
    const crashed = victim.ended === undefined ? 0 : 1
    const growth = crashed === 1 ? Number.POSITIVE_INFINITY : peakMb(victim.pid) - before
    return [
      finding(this.title, 'crashes', crashed, victim.errors.split('\n')[0]?.slice(0, 120)),
      finding(this.title, 'next line not answered', Number.isFinite(dialed) ? 0 : 1),
      {
        name: `${this.title}: growth of memory`,
        value: growth,
        unit: 'MB',
        atMost: 32,
        note: 'at its peak',
      },
    ]
  },
}

/** Types a line of so many bytes. */
async function typeLine(victim: Victim, length: number): Promise<void> {
  const { stdin } = victim.child
  const giveUp = AbortSignal.timeout(GIVE_UP_MS)
  try {
    for (let bytes = 0; bytes < length && victim.ended === undefined; bytes += PIECE.length) {
      if (stdin?.write(PIECE) === false) await once(stdin, 'drain', { signal: giveUp })
    }
  } catch {
    // It reads no more, or has ended: what comes of that is measured.
  }
  victim.type('')
}
