/** Finding what a person meant by a mistyped word. */

/** How many characters one must insert, delete, replace or swap with their neighbour to turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, place) => place)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}

/** Longer words are no typing mistakes of ours; not comparing them bounds the cost. */
const LONGEST = 40

/**
 * The candidate that `word` was probably meant to be, whatever the case; undefined when none is near enough (more than
 * a third of its letters wrong). One that begins with the word counts as near.
 */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | undefined {
  const wanted = word.toLowerCase()
  if (wanted === '' || wanted.length > LONGEST) return undefined
  let best: T | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const other = candidate.toLowerCase()
    const distance = other.startsWith(wanted) ? 0.5 : editDistance(wanted, other)
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3))
    if (distance <= allowed && distance < least) {
      best = candidate
      least = distance
    }
  }
  return best
}
