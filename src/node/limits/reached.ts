import { formatCount } from '../../core/format.ts'
import { type Limit, type Limits, limitNoun, limitOption } from '../../core/limit-terms.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { inboundShare } from './inbound-gate.ts'

/** Why something was refused: the limit, how much it allows, and the option that sets it. */
export function reached(limit: Limit, most: Limits): SafeText {
  const kept =
    limit === 'connections'
      ? say`, ${formatCount(inboundShare(most.connections))} of them for others,`
      : say``
  return say`The limit of ${formatCount(most[limit])} ${limitNoun(limit)}${kept} is reached (${limitOption(limit)})`
}
