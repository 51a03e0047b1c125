import type { Payload } from '../events.ts'
import { formatCount, plural, shortPeerId } from '../format.ts'
import { type ExcessAction, limitNoun } from '../limit-terms.ts'
import { joinSafe, type SafeText, say } from '../safe-text.ts'
import { offenderName } from './offenders.ts'
import type { Tellers } from './telling.ts'

/** Limits and their use. */
export const limitTellers: Tellers<'limits' | 'limit'> = {
  'limits:set': ({ connections, inbound, perHost, pending }) => [
    'plain',
    say`at most ${formatCount(connections)} connections, ${formatCount(inbound)} of them opened by others, ${formatCount(perHost)} by one host; ${formatCount(pending)} handshakes at once`,
  ],
  'limits:sampled': ({ connections, inbound, pending, dials }) => [
    'dim',
    say`${formatCount(connections)} connections, ${formatCount(inbound)} of them opened by others; ${formatCount(pending)} handshakes, ${formatCount(dials)} dials under way`,
  ],
  'limits:offenders': ({ offenders }) => [
    'dim',
    offenders.length === 0
      ? say`nobody exceeds a limit any more`
      : say`${plural(offenders.length, say`offender`, say`offenders`)}: ${joinSafe(offenders.map(offenderLine), ', ')}`,
  ],
  'limit:exceeded': ({ action, host, peerId, reason }) => {
    const who = [
      ...(peerId === undefined ? [] : [shortPeerId(peerId)]),
      ...(host === undefined ? [] : [host]),
    ]
    const by = who.length === 0 ? say`` : say` ${joinSafe(who, ' ')}`
    return ['bad', say`${ACTIONS[action]}${by}: ${reason}`]
  },
}

const ACTIONS = {
  refused: say`refused`,
  dropped: say`dropped what came from`,
  delayed: say`delayed`,
  closed: say`closed`,
} satisfies Record<ExcessAction, SafeText>

type Offender = Payload<'limits:offenders'>['offenders'][number]

/** Who does what, and how often, e.g. `203.0.113.7: 412 refused, 80/s (handshakes of one host at once)`. */
export function offenderLine(offender: Offender): SafeText {
  const { action, limit, protocol, count, perSecond, quiet } = offender
  const rate = perSecond === 0 || quiet === true ? say`` : say`, ${formatCount(perSecond)}/s`
  const over = protocol === undefined ? limitNoun(limit) : say`${limitNoun(limit)}, ${protocol}`
  return say`${offenderName(offender)}: ${formatCount(count)} ${EXCESSES[action]}${rate} (${over})`
}

const EXCESSES = {
  refused: say`refused`,
  dropped: say`dropped`,
  delayed: say`delayed`,
  closed: say`closed`,
} satisfies Record<ExcessAction, SafeText>
