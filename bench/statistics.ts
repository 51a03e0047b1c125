/** The middle of some values; the mean of the two in the middle where there is no one such. @throws {RangeError} of none */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  if (low === undefined || high === undefined) throw new RangeError('no median of nothing')
  return (low + high) / 2
}

/** The value that a share (0 to 1) of all values does not exceed, by nearest rank. @throws {RangeError} of none */
export function percentile(values: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(values.length * share))
  const value = values.toSorted((a, b) => a - b)[rank - 1]
  if (value === undefined) throw new RangeError('no percentile of nothing')
  return value
}
