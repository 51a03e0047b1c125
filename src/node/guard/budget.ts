import { Allowance } from '../../core/allowance.ts'
import type { Clock } from '../../core/clock.ts'

/** The work of things that others send, in µs of this machine's kind, as measured; those behind them are in it. */
export const COST = {
  /** What one read of a socket brings, and one piece that was encrypted by itself: less, the more is in it. */
  chunk: 15,
  sealed: 10,
  /** A frame of yamux or of a WebSocket, whatever is in it. */
  frame: 8,
  /** Handing on the data of a frame, and answering it with a window: less, the more it is. */
  data: 75,
  /** An answer to a ping of yamux or of a WebSocket. */
  ping: 35,
  /** A stream that begins, and one that ends. */
  stream: 100,
  end: 20,
  /** A message of multistream-select, and its answer; and each piece of it, as whoever reads it wakes up for each. */
  negotiation: 120,
  piece: 60,
  /** An answer to something that we asked: who is asked much may answer much. */
  answer: 150,
  /** Bytes that have no place where they are: who sends them a few times is no peer of ours. */
  garbage: 20_000,
} as const

/** From so many bytes on, bytes themselves are what costs: a peer that sends much of them is not held up. */
export const WORTH_BYTES = 1024

/** What is paid for `cost` where it brings so many bytes. */
export function forBytes(cost: number, bytes: number): number {
  return bytes >= WORTH_BYTES ? 0 : cost * (1 - bytes / WORTH_BYTES)
}

/** Work that others may cause, in µs: at once, and each second of the time after that. */
export const OF_CONNECTION = { burst: 450_000, perSecond: 300_000 }
/** All connections of one host together: a host that opens many has no more of us. */
export const OF_HOST = { burst: 1_200_000, perSecond: 600_000 }
/** What all connections of one host together may have us hold of frames that have not come in full, in bytes. */
export const MOST_HELD = 64 * 1024 * 1024
/** Paid in such amounts, in µs: to look at the clock for each frame would cost as much as some frames do. */
const AT_ONCE = 2_000
/** Hosts without a connection that are remembered: who comes back at once goes on where it was. */
const MOST_HOSTS = 1024

/** Somebody with a budget of their own. */
export interface Spender {
  /** What is left to it, in µs. */
  readonly left: number
  /** Bytes that are held for it. */
  readonly held: number
  /** It, or its host, has caused more work than it may; or its host has us hold too much. */
  overspent(what: Overspent): void
}

/** What is used up: the work of a connection, that of its host, or the bytes that are held for its host. */
export type Overspent = 'work' | 'work of its host' | 'bytes of its host'

/** The work that connections and hosts cause, held against what they may. */
export class Budgets {
  readonly #clock: Clock
  readonly #hosts = new Map<string, HostBudget>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The budget of a connection. @param host none: nobody else shares one with it */
  open(host: string | undefined, overspent: Spender['overspent']): Budget {
    return new Budget(this.#clock, host === undefined ? undefined : this.#of(host), overspent)
  }

  #of(host: string): HostBudget {
    const known = this.#hosts.get(host)
    if (known !== undefined) return known
    if (this.#hosts.size >= MOST_HOSTS) this.#forgetIdle()
    const budget = new HostBudget(this.#clock)
    this.#hosts.set(host, budget)
    return budget
  }

  #forgetIdle(): void {
    for (const [host, budget] of this.#hosts) if (budget.idle) this.#hosts.delete(host)
  }
}

/** What one connection may still cost. */
export class Budget implements Spender {
  readonly #allowance: Allowance
  readonly #host: HostBudget | undefined
  #unpaid = 0
  #held = 0
  readonly overspent: Spender['overspent']

  constructor(clock: Clock, host: HostBudget | undefined, overspent: Spender['overspent']) {
    this.#allowance = new Allowance(clock, OF_CONNECTION.burst, OF_CONNECTION.perSecond)
    this.#host = host
    this.overspent = overspent
    host?.spenders.add(this)
  }

  get left(): number {
    return this.#allowance.left
  }

  /** Pays for work, in µs. Who cannot is told so; so is who spends most of a host that cannot. */
  spend(cost: number): void {
    this.#unpaid += cost
    if (this.#unpaid < AT_ONCE) return
    const due = this.#unpaid
    this.#unpaid = 0
    if (!this.#allowance.take(due)) this.overspent('work')
    else if (this.#host?.take(due) === false)
      this.#host.biggest(spender => -spender.left)?.overspent('work of its host')
  }

  /** Pays back, or beforehand. */
  earn(cost: number): void {
    this.#unpaid -= cost
    if (this.#unpaid > -AT_ONCE) return
    this.#allowance.give(-this.#unpaid)
    this.#host?.give(-this.#unpaid)
    this.#unpaid = 0
  }

  /** Bytes that are held for it. */
  get held(): number {
    return this.#held
  }

  /** So many bytes are held for it now. Who has most of a host that has too much is told. */
  hold(bytes: number): void {
    const more = bytes - this.#held
    this.#held = bytes
    if (this.#host?.hold(more) === false) {
      this.#host.biggest(spender => spender.held)?.overspent('bytes of its host')
    }
  }

  close(): void {
    this.hold(0)
    this.#host?.spenders.delete(this)
  }
}

class HostBudget {
  readonly spenders = new Set<Spender>()
  #held = 0
  readonly #allowance: Allowance

  constructor(clock: Clock) {
    this.#allowance = new Allowance(clock, OF_HOST.burst, OF_HOST.perSecond)
  }

  take(cost: number): boolean {
    return this.#allowance.take(cost)
  }

  give(cost: number): void {
    this.#allowance.give(cost)
  }

  get idle(): boolean {
    return this.spenders.size === 0 && this.#allowance.left >= OF_HOST.burst
  }

  /** @returns false: that is too much, and it became more */
  hold(more: number): boolean {
    this.#held += more
    return more <= 0 || this.#held <= MOST_HELD
  }

  /** Who has most of something. */
  biggest(of: (spender: Spender) => number): Spender | undefined {
    let found: Spender | undefined
    for (const spender of this.spenders) if (found === undefined || of(spender) > of(found)) found = spender
    return found
  }
}
