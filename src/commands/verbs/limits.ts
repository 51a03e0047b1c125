import { offenderLine } from '../../core/event-text/limits.ts'
import { formatBytes, formatCount, formatTime } from '../../core/format.ts'
import {
  type AnyLimit,
  FIXED_LIMITS,
  hasOption,
  LIMITS,
  limitNoun,
  limitOption,
} from '../../core/limit-terms.ts'
import { joinSafe, type SafeText, say } from '../../core/safe-text.ts'
import type { LimitsInfo, Offender } from '../../core/swarm/connections.ts'
import { limitMost, limitUse } from '../../store/selectors/limit-use.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Command, Reply } from '../command.ts'

/** Shows each limit, how much of it is used and what it has refused, and who exceeds one now. */
export const limits: Command = {
  verb: 'limits',
  summary: 'shows what others may spend of this node, how much of it is used, and who exceeds it',
  details: 'Most have an option: limits hold for a run. docs/limits.md has them all.',
  params: [],
  examples: ['limits'],
  where: 'node',
  answers: ['limit', 'offender'],
  async run(_, { swarm, reply }) {
    for (const line of lines(swarm())) reply(line)
  },
}

function lines(swarm: SwarmState): Reply[] {
  const { limits: known } = swarm
  if (known === undefined) return [{ tone: 'plain', text: say`the node is still starting` }]
  return [
    ...LIMITS.map(limit => limitLine(swarm, known, limit)),
    // Of the others only what there is something to say of.
    ...FIXED_LIMITS.filter(
      limit => limitMost(known, limit) !== undefined || known.refused[limit] !== undefined,
    ).map(limit => limitLine(swarm, known, limit)),
    ...(known.offenders ?? []).map(offender => offenderReply(offender)),
  ]
}

function limitLine(swarm: SwarmState, known: LimitsInfo, limit: AnyLimit): Reply {
  const most = limitMost(known, limit)
  const used = limitUse(swarm, limit)
  const refused = known.refused[limit] ?? 0
  const inbound = limit === 'connections' ? known.inbound : undefined
  const option = hasOption(limit) ? limitOption(limit) : undefined
  const parts: SafeText[] = [
    say`${figures(limit, most, used)}${limitNoun(limit)}`,
    ...(inbound === undefined
      ? []
      : [say`${formatCount(known.used.inbound)} of ${formatCount(inbound)} opened by others`]),
    ...(refused === 0 ? [] : [say`${formatCount(refused)} refused`]),
    ...(option === undefined ? [] : [option]),
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
      option,
    },
  }
}

/** `12 of 400 `; nothing of a limit of which no figure is told. */
function figures(limit: AnyLimit, most: number | undefined, used: number | undefined): SafeText {
  if (most === undefined) return say``
  const format = limit === 'buffered' || limit === 'allBuffered' ? formatBytes : formatCount
  return used === undefined ? say`at most ${format(most)} ` : say`${format(used)} of ${format(most)} `
}

function offenderReply(offender: Offender): Reply {
  const { comesBackAt } = offender
  const back = comesBackAt === undefined ? say`` : say`, comes back at ${formatTime(comesBackAt)}`
  return {
    tone: 'bad',
    text: say`${offenderLine(offender)}${back}`,
    data: { type: 'offender', ...offender },
  }
}
