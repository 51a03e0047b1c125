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

/** A line through points, as least squares have it: how steep it is, and between which bounds with 95 % confidence. */
export interface Slope {
  slope: number
  low: number
  high: number
}

/** Quantile of the normal distribution that 97.5 % do not exceed. */
const Z = 1.959964

/**
 * How values grow with x. The bounds take the points for independent of each other.
 *
 * @throws {RangeError} of fewer than three points, or of points at one x
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  const freedom = points.length - 2
  if (freedom < 1) throw new RangeError('no slope through fewer than three points')
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  if (spread === 0) throw new RangeError('no slope through points at one place')
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread
  const residual = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0)
  const error = Math.sqrt(residual / freedom / spread)
  const within = studentQuantile(freedom) * error
  return { slope, low: slope - within, high: slope + within }
}

/**
 * What 97.5 % of Student's t distribution do not exceed. Exact for one and two degrees of freedom; from three on an
 * expansion (Abramowitz and Stegun, 26.7.5) that is right to 1 %.
 */
function studentQuantile(freedom: number): number {
  if (freedom === 1) return 12.7062
  if (freedom === 2) return 4.30265
  const [z3, z5, z7] = [Z ** 3, Z ** 5, Z ** 7]
  return (
    Z +
    (z3 + Z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * Z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * freedom ** 3)
  )
}
