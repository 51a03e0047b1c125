/** Events that a reader never got: which, whose, and what to do about it. */
import { formatCount, shortPeerId } from './format.ts'
import { joinSafe, type SafeText, say } from './safe-text.ts'

/** Lost events of one type and peer. */
export interface LostKind {
  type: SafeText
  /** Whom they were about, if it was one peer. */
  peerId?: SafeText | undefined
  count: number
}

/** So many kinds of lost events are named. */
const NAMED = 3

/** Of all that was lost, those kinds of which most were. */
export function mostLost(kinds: readonly LostKind[]): LostKind[] {
  return [...kinds].sort((a, b) => b.count - a.count).slice(0, NAMED)
}

/** What was lost, e.g. `1,200 ping:answered of …kA3f`. Empty if that is not known. */
export function lostText(kinds: readonly LostKind[]): SafeText {
  return joinSafe(
    kinds.map(
      ({ type, peerId, count }) =>
        say`${formatCount(count)} ${type}${peerId === undefined ? say`` : say` of ${shortPeerId(peerId)}`}`,
    ),
    ', ',
  )
}

/** Who floods: the peer that at least half of the lost events are about. */
function flooderIn(dropped: number, kinds: readonly LostKind[]): SafeText | undefined {
  const sums = new Map<SafeText, number>()
  for (const { peerId, count } of kinds) {
    if (peerId !== undefined) sums.set(peerId, (sums.get(peerId) ?? 0) + count)
  }
  return [...sums].find(([, count]) => count * 2 >= dropped)?.[0]
}

/**
 * Why a reader lost events, and what to try: a peer that floods is to blame, and named; otherwise the reader.
 *
 * @param reader what is said of a reader that is just too slow
 */
export function lossOf(
  dropped: number,
  kinds: readonly LostKind[],
  reader: { cause: SafeText; hint: SafeText },
): { cause: SafeText; hint: SafeText } {
  const flooder = flooderIn(dropped, kinds)
  const what = kinds.length === 0 ? say`` : say` (most: ${lostText(kinds)})`
  return flooder === undefined
    ? { cause: say`${reader.cause}${what}`, hint: reader.hint }
    : { cause: say`${shortPeerId(flooder)} floods this node${what}`, hint: say`hangup ${flooder} ends that` }
}
