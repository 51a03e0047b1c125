import { formatCount } from '../../core/format.ts'
import { LIMITS, limitNoun, limitOption } from '../../core/limit-terms.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import { limitUse } from '../../store/selectors/limit-use.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Command, Reply } from '../command.ts'

/** Shows each limit, how much of it is used and what it has refused. */
export const limits: Command = {
  verb: 'limits',
  summary: 'shows the limits of connections, dials and streams, and how much of each is used',
  details: 'Each has an option: limits hold for a run.',
  params: [],
  examples: ['limits'],
  where: 'node',
  answers: ['limit'],
  async run(_, { swarm, reply }) {
    for (const line of lines(swarm())) reply(line)
  },
}

function lines(swarm: SwarmState): Reply[] {
  const { limits: known } = swarm
  if (known === undefined) return [{ tone: 'plain', text: say`the node is still starting` }]
  return LIMITS.map(limit => {
    const most = known.most[limit]
    const used = limitUse(swarm, limit)
    const refused = known.refused[limit] ?? 0
    const inbound = limit === 'connections' ? known.inbound : undefined
    const parts: SafeText[] = [
      say`${used === undefined ? say`at most` : say`${formatCount(used)} of`} ${formatCount(most)} ${limitNoun(limit)}`,
      ...(inbound === undefined
        ? []
        : [say`${formatCount(known.used.inbound)} of ${formatCount(inbound)} opened by others`]),
      ...(refused === 0 ? [] : [say`${formatCount(refused)} refused`]),
      limitOption(limit),
    ]
    return {
      tone: refused === 0 ? 'plain' : 'warn',
      text: joinSafe(parts, ', '),
      data: {
        type: 'limit',
        limit,
        most,
        used,
        refused,
        inbound: inbound === undefined ? undefined : { most: inbound, used: known.used.inbound },
        option: limitOption(limit),
      },
    }
  })
}
