import { readdirSync, readFileSync } from 'node:fs'
import type { Failure } from '../../core/failure.ts'
import { formatCount } from '../../core/format.ts'
import { say } from '../../core/safe-text.ts'

/** Kept for what is ours: dials, the address book, the log. A share of all, within these bounds. */
const KEPT_SHARE = 1 / 8
const KEPT = { least: 8, most: 256 }

/** The file descriptors of a process, and how many of them are in use. */
export interface OpenFiles {
  /** How many there may be; Infinity where there is no limit. */
  limit: number
  /** Counts those in use; undefined: nobody knows. */
  used(): number | undefined
}

/**
 * The file descriptors of this process (`RLIMIT_NOFILE`). Node.js raises the soft limit to the hard one when it starts.
 * Where a system does not tell, there is no limit.
 */
export function openFiles(): OpenFiles {
  const limit = softLimit() ?? Number.POSITIVE_INFINITY
  return { limit, used: () => countOpen(limit) }
}

/** What is said where this process may not open enough files and sockets for a node. */
export function tooFewDescriptors(): Failure {
  const limit = softLimit()
  const number = limit === undefined ? say`` : say`: the limit is ${formatCount(limit)}`
  return {
    stage: 'start',
    cause: say`Too few file descriptors for a node${number}`,
    hint: say`Restart with ulimit -n 1024 or higher`,
  }
}

/** How many are kept from others. */
export function keptDescriptors(limit: number): number {
  if (!Number.isFinite(limit)) return 0
  return Math.min(KEPT.most, Math.max(KEPT.least, Math.floor(limit * KEPT_SHARE)))
}

/**
 * How many descriptors others may still have. What is open is counted when {@link Descriptors.count} is called; between
 * two counts it knows of what came and went through the door.
 */
export class Descriptors {
  readonly limit: number
  readonly #files: OpenFiles
  #used: number

  constructor(files: OpenFiles) {
    this.#files = files
    this.limit = files.limit
    this.#used = 0
    this.count()
  }

  /** In use, at the last count and with what came through the door since. */
  get used(): number {
    return this.#used
  }

  /** Kept for this node: its dials, its files. */
  get kept(): number {
    return keptDescriptors(this.limit)
  }

  /** What others may still have; below 0 where this node has begun to use what is kept for it. */
  get left(): number {
    return this.limit - this.kept - this.#used
  }

  came(): void {
    this.#used += 1
  }

  went(): void {
    this.#used -= 1
  }

  count(): void {
    if (this.#isLimited) this.#used = this.#files.used() ?? this.#used
  }

  get #isLimited(): boolean {
    return Number.isFinite(this.limit)
  }
}

/** Where a system lists the open files of a process. */
const LISTS = process.platform === 'linux' ? '/proc/self/fd' : '/dev/fd'

function countOpen(limit: number): number | undefined {
  try {
    // Listing them takes one itself.
    return readdirSync(LISTS).length - 1
  } catch (error) {
    // None is left to list them with: the system then closes connections of others before this process hears of them.
    return (error as NodeJS.ErrnoException).code === 'EMFILE' ? limit : undefined
  }
}

function softLimit(): number | undefined {
  const text = process.platform === 'linux' ? linuxLimit() : reportedLimit()
  return text === undefined || text === 'unlimited' ? undefined : Number(text)
}

/** The soft limit stands before the hard one. */
function linuxLimit(): string | undefined {
  try {
    return /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
  } catch {
    return undefined
  }
}

function reportedLimit(): string | undefined {
  const report = process.report as typeof process.report & { excludeNetwork?: boolean }
  if (process.platform === 'win32') return undefined
  // With it the report looks up a name for each socket.
  report.excludeNetwork = true
  const { userLimits } = report.getReport() as unknown as { userLimits?: { open_files?: { soft: unknown } } }
  const soft = userLimits?.open_files?.soft
  return soft === undefined ? undefined : String(soft)
}
