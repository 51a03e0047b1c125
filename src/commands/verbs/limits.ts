import { offenderLine } from '../../core/event-text/limits.ts'
import { offencesOf, offenderBrief, offenderHint } from '../../core/event-text/offenders.ts'
import { formatBytes, formatCount, NONE } from '../../core/format.ts'
import {
  ACCOUNT_KINDS,
  type AccountKind,
  type AnyLimit,
  FIXED_LIMITS,
  hasOption,
  LIMITS,
  limitNoun,
  limitOption,
} from '../../core/limit-terms.ts'
import { joinSafe, type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Account, LimitsInfo, Offender } from '../../core/swarm/connections.ts'
import { cut, pad } from '../../core/width.ts'
import { limitMost, limitUse } from '../../store/selectors/limit-use.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { SwarmState } from '../../store/swarm/state.ts'
import type { Command, Reply } from '../command.ts'

/** Shows who exceeds a limit now, who has most of the node, and how much of each limit is used and what it has refused. */
export const limits: Command = {
  verb: 'limits',
  summary:
    'shows who exceeds limits and what to do about it, who has most of this node, and how much of each limit is used',
  details:
    'First who exceeds a limit, with what to do about it; then the five hosts, peers, connections and protocols that ' +
    'have most now: open sockets, streams, bytes that wait, events a second; then the limits, those first that are ' +
    'exceeded or in use. An option holds from a start to the next. docs/limits.md has all limits.',
  params: [],
  examples: ['limits'],
  where: 'node',
  answers: ['offender', 'account', 'limit'],
  async run(_, { port, signal, swarm, reply }) {
    const { limits: known } = swarm()
    if (known === undefined) return reply({ tone: 'plain', text: say`the node is still starting` })
    // Whoever looks in an emergency sees who does it and what to do about it first.
    for (const line of offenderReplies(known.offenders ?? [])) reply(line)
    try {
      const { accounts } = await port.request('accounts', {}, { signal })
      for (const line of accountReplies(accounts, swarm())) reply(line)
    } finally {
      for (const line of limitReplies(swarm(), known)) reply(line)
    }
  },
}

/** Those that are in use or exceeded first; of those without an option only what there is something to say of. */
function limitReplies(swarm: SwarmState, known: LimitsInfo): Reply[] {
  const told = [
    ...LIMITS,
    ...FIXED_LIMITS.filter(
      limit => limitMost(known, limit) !== undefined || known.refused[limit] !== undefined,
    ),
  ]
  const rank = (limit: AnyLimit): number => {
    if ((known.refused[limit] ?? 0) > 0) return 0
    return (limitUse(swarm, limit) ?? 0) > 0 ? 1 : 2
  }
  return told.toSorted((a, b) => rank(a) - rank(b)).map(limit => limitLine(swarm, known, limit))
}

/** Of limits without an option some throw away, delay or close what is over them. */
function excessOf(limit: AnyLimit, count: number): SafeText {
  return hasOption(limit)
    ? say`${formatCount(count)} refused`
    : say`exceeded ${formatCount(count)} ${count === 1 ? say`time` : say`times`}`
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
    ...(refused === 0 ? [] : [excessOf(limit, refused)]),
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

/** Each with what it does, as a warning says it, what to do about it, and what else it does. */
function offenderReplies(offenders: readonly Offender[]): Reply[] {
  return offencesOf(offenders).flatMap(offences => {
    const [worst, ...others] = offences
    return [
      { tone: 'bad', text: offenderBrief(offences), data: { type: 'offender', ...worst } },
      { tone: 'plain', text: say`  ${offenderHint(offences)}` },
      ...others.map(
        (offender): Reply => ({
          tone: 'plain',
          text: say`  ${offenderLine(offender)}`,
          data: { type: 'offender', ...offender },
        }),
      ),
    ]
  })
}

/** A table for each kind, as wide as a screen of 80 columns has room for. */
function accountReplies(accounts: readonly Account[], swarm: SwarmState): Reply[] {
  return ACCOUNT_KINDS.flatMap(kind => {
    const those = accounts.filter(account => account.kind === kind)
    return those.length === 0 ? [] : [heading(kind), ...those.map(account => accountReply(account, swarm))]
  })
}

const NAME_COLUMNS = 40
const COLUMNS = 9

/** For people alone. */
function heading(kind: AccountKind): Reply {
  return {
    tone: 'plain',
    text: row(say`${safeText(kind)}s`, [say`sockets`, say`streams`, say`waiting`, say`events/s`]),
  }
}

function accountReply(account: Account, swarm: SwarmState): Reply {
  const { sockets, streams, bufferedBytes, eventsPerSecond } = account
  const figures = [
    formatCount(sockets),
    formatCount(streams),
    formatBytes(bufferedBytes),
    formatCount(eventsPerSecond),
  ]
  return {
    tone: 'plain',
    text: row(accountName(account, swarm), figures),
    data: { type: 'account', ...account },
  }
}

function row(name: SafeText, figures: readonly SafeText[]): SafeText {
  // Both ends tell more than the middle: of a protocol its family and its version, of a peer who and where.
  const shown = pad(cut(name, NAME_COLUMNS, { from: 'middle' }), NAME_COLUMNS)
  return joinSafe([shown, ...figures.map(figure => pad(figure, COLUMNS, 'right'))], '')
}

/** What it is called, and of a peer and a connection whose it is. */
function accountName(
  { kind, host = NONE, peerId, connectionId, protocol }: Account,
  swarm: SwarmState,
): SafeText {
  const peer = peerId === undefined ? NONE : shownName(swarm, peerId)
  switch (kind) {
    case 'host':
      return host
    case 'peer':
      return say`${peer} at ${host}`
    case 'connection':
      return say`${connectionId ?? NONE} of ${peer}`
    case 'protocol':
      return protocol === undefined || protocol === '' ? say`(not agreed yet)` : protocol
  }
}
