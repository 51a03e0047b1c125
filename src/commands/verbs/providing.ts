import { formatAge, formatTime, plural } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Providing } from '../../core/swarm.ts'
import type { Command } from '../command.ts'

/** Lists what this node provides in the DHT. */
export const providing: Command = {
  verb: 'providing',
  summary: 'lists what this node provides in the DHT',
  details: 'The routing view shows the same. What a profile provides is kept with it; withdraw ends one.',
  params: [],
  examples: ['providing'],
  where: 'node',
  answers: ['providing:entry', 'providing'],
  async run(_, { swarm, clock, reply }) {
    const entries = [...swarm().providing.values()].sort((a, b) => a.since - b.since)
    for (const entry of entries) {
      reply({
        tone: entry.cause === undefined ? 'plain' : 'warn',
        text: say`${entry.cid}: ${stateOf(entry, clock.now())}`,
        data: { type: 'providing:entry', ...entry },
      })
    }
    reply({
      tone: 'plain',
      text: entries.length === 0 ? say`nothing is provided` : say`${entries.length} provided`,
      data: { type: 'providing', count: entries.length },
    })
  },
}

/** With whom it is, and when it is said again. */
function stateOf({ announcedAt, peers = 0, cause, nextAt }: Providing, now: number): SafeText {
  const next = nextAt === undefined ? say`` : say`, again in ${formatAge(nextAt - now)}`
  if (cause !== undefined) return say`${cause}${next}`
  if (announcedAt === undefined) return say`not said yet in this run`
  return say`with ${plural(peers, say`peer`, say`peers`)} since ${formatTime(announcedAt)}${next}`
}
