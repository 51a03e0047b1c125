import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'

/** Where figures were measured: without it, a time says nothing. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${availableParallelism()} cores of ${model}, ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}`
}

/**
 * What to tell when other programs keep more than half of the machine busy: bytes and counts stand all the same, but
 * times do not, and ratios are less sure. Undefined when there is nothing to tell, and on systems that do not know.
 *
 * @param load how many processes wanted to run in the last minute, on average
 */
export function busyWarning(load = loadavg()[0] ?? 0, cores = availableParallelism()): string | undefined {
  if (load <= cores / 2) return undefined
  return `The machine is busy with something else (load ${load.toFixed(1)} on ${cores} cores): times will be too long.`
}
