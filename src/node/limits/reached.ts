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
    const kept = limit === 'connections' ? say`, ${formatCount(most.inbound)} of them for others,` : say``
    return say`The limit of ${formatCount(most[limit])} ${limitNoun(limit)}${kept} is reached (${limitOption(limit)})`
  }
  switch (limit) {
    case 'hostPending':
      return say`The limit of ${formatCount(most.hostPending)} ${limitNoun(limit)} is reached, a quarter of ${limitOption('pending')}`
    case 'hostStreams':
      return say`The limit of ${formatCount(most.hostStreams)} ${limitNoun(limit)} is reached, 16 times ${limitOption('streams')}`
    case 'buffered':
    case 'allBuffered':
      return say`The limit of ${formatBytes(most[limit])} of ${limitNoun(limit)} is exceeded`
    case 'descriptors':
      return say`The ${formatCount(most.descriptors ?? 0)} file descriptors of this process are in use, but for those that it needs itself (ulimit -n)`
    case 'coolDown':
      return say`A connection of this host was closed for exceeding a limit; it comes back in ${formatCount(Math.ceil(waitMs / 1_000))} s`
    case 'handshake':
      return say`It did not get through the handshake in ${HANDSHAKE_MS / 1_000} s: it may not speak libp2p`
    default:
      return say`The limit of ${limitNoun(limit)} is exceeded`
  }
}
