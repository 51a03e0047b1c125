import { joinSafe, type SafeText, safeText, say } from '../core/safe-text.ts'
import { type Binding, inPlace, type KeyName, type KeySituation } from './keys.ts'

/**
 * Why a key does nothing right now, for the person who has pressed it.
 *
 * @param label the key as people read it
 */
export function whyIdle(
  key: KeyName,
  label: SafeText,
  situation: KeySituation,
  bindings: readonly Binding[],
): SafeText {
  const bound = bindings.filter(({ keys }) => keys.includes(key))
  const here = bound.find(binding => inPlace(binding, situation))
  if (here !== undefined) return say`${label} ${does(here)}: ${unmet(here, situation)}`
  const [first] = bound
  if (first === undefined) return say`${label} does nothing: ? shows the keys`
  return say`${label} ${does(first)}: not here, but in ${joinSafe(
    first.where.map(place => safeText(place)),
    ', ',
  )}`
}

function does({ label }: Binding): SafeText {
  return safeText(label.replace('…', ''))
}

/** What does not hold of the selected peer. */
function unmet({ when }: Binding, { selected }: KeySituation): SafeText {
  if (selected === undefined) return say`no peer is selected`
  return when === 'connected'
    ? say`the selected peer is not connected`
    : say`the selected peer is ${safeText(selected)}`
}
