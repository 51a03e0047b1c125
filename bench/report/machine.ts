import { availableParallelism, cpus, release, totalmem, type } from 'node:os'

/** Where figures were measured: without it, a time says nothing. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${availableParallelism()} cores of ${model}, ${memory} GiB, ${type()} ${release()}, Node ${process.versions.node}`
}
