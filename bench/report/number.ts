import type { Unit } from '../figure.ts'

const SUFFIX: Readonly<Record<Unit, string>> = {
  bytes: '',
  count: '',
  ms: ' ms',
  s: ' s',
  x: 'x',
  '%': ' %',
  MB: ' MB',
}

/** A value as people read it, with the unit where it is not plain from the reading: `3,544`, `5.42 ms`, `1.13x`. */
export function formatValue(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return 'none'
  const digits = unit === 'bytes' || unit === 'count' || Math.abs(value) >= 100 ? 0 : 2
  const number = value.toLocaleString('en-US', { maximumFractionDigits: digits })
  return `${number}${SUFFIX[unit]}`
}
