import { formatBytes, formatCount } from '../../core/format.ts'
import { type AnyLimit, hasOption, limitNoun, limitOption } from '../../core/limit-terms.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { HANDSHAKE_MS } from './accept-gate.ts'
import type { AllLimits } from './fit-limits.ts'

/**
 * Why something was refused or closed: the limit, how much it allows, and the option that sets it.
 *
 * @param waitMs how long a host has to wait, where that is the reason; in ms
 */
export function reached(limit: AnyLimit, most: AllLimits, waitMs = 0): SafeText {
  if (hasOption(limit)) {
    const kept = limit === 'connections' ? say`, at most ${formatCount(most.inbound)} of them inbound` : say``
    return say`Too many ${limitNoun(limit)}: the limit is ${formatCount(most[limit])}${kept} (${limitOption(limit)})`
  }
  switch (limit) {
    case 'hostPending':
      return say`Too many ${limitNoun(limit)}: the limit is ${formatCount(most.hostPending)} (a quarter of ${limitOption('pending')})`
    case 'hostStreams':
      return say`Too many ${limitNoun(limit)}: the limit is ${formatCount(most.hostStreams)} (16 times ${limitOption('streams')})`
    case 'buffered':
    case 'allBuffered':
      return say`Too much ${limitNoun(limit)}: the limit is ${formatBytes(most[limit])}`
    case 'descriptors':
      return say`Too many file descriptors in use: the limit is ${formatCount(most.descriptors ?? 0)}, some of them reserved for this node (ulimit -n)`
    case 'coolDown':
      return say`This host exceeded a limit and is refused for another ${formatCount(Math.ceil(waitMs / 1_000))} s`
    case 'handshake':
      return say`It did not complete the handshake in ${HANDSHAKE_MS / 1_000} s; it may not be a libp2p peer`
    default:
      return say`Limit exceeded: ${limitNoun(limit)}`
  }
}
