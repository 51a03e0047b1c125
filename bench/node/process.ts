/** What a process has taken of the machine, as Linux counts it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Kernels have this many of them in a second, whatever their own clock does: it is part of their interface. */
const TICKS_A_SECOND = 100
/** Places of the fields in /proc/<pid>/stat, counted from the one after the name; see proc(5). */
const UTIME = 11
const STIME = 12

/** Processor time of all threads of a process so far, in seconds. */
export function cpuSeconds(pid: number): number {
  return secondsIn(`/proc/${pid}/stat`)
}

/** Processor time of each thread so far, in seconds, summed up by their names. */
export function cpuSecondsByThread(pid: number): Map<string, number> {
  const seconds = new Map<string, number>()
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`
    const name = readFileSync(`${folder}/comm`, 'utf8').trim()
    seconds.set(name, (seconds.get(name) ?? 0) + secondsIn(`${folder}/stat`))
  }
  return seconds
}

/** Memory of a process that is in use right now (resident), in MB. */
export function residentMb(pid: number): number {
  return statusMb(pid, 'VmRSS')
}

/** The most memory of a process that was in use at once since it began, or since {@link forgetPeak}, in MB. */
export function peakMb(pid: number): number {
  return statusMb(pid, 'VmHWM')
}

/** Has {@link peakMb} begin anew. */
export function forgetPeak(pid: number): void {
  // See proc(5): 5 resets the high water mark.
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** How many file descriptors a process has open. */
export function openDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

function statusMb(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  return Number(kilobytes) / 1024
}

function secondsIn(stat: string): number {
  // The name is in brackets and may hold anything.
  const fields = readFileSync(stat, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_A_SECOND
}
