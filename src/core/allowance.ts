import type { Clock } from './clock.ts'

/** How much there is at once, and how much comes again each second. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** How often, or how much, something may be done: a token bucket. */
export class Allowance {
  readonly #clock: Clock
  readonly #burst: number
  readonly #perSecond: number
  #left: number
  #countedAt: number

  constructor(clock: Clock, burst: number, perSecond: number) {
    this.#clock = clock
    this.#burst = burst
    this.#perSecond = perSecond
    this.#left = burst
    this.#countedAt = clock.monotonic()
  }

  /** Takes so much if there is so much. */
  take(amount = 1): boolean {
    this.#count()
    if (this.#left < amount) return false
    this.#left -= amount
    return true
  }

  /**
   * Takes so much whether it is there or not, but for a debt beyond `burst`.
   *
   * @returns milliseconds until the debt is paid; 0 when there is none
   */
  owe(amount: number): number {
    this.#count()
    this.#left = Math.max(-this.#burst, this.#left - amount)
    return Math.max(0, Math.ceil((-this.#left / this.#perSecond) * 1000))
  }

  /** Gives so many back, or on top; no more than `burst` are kept. */
  give(amount: number): void {
    this.#left = Math.min(this.#burst, this.#left + amount)
  }

  /** How many may be taken now. */
  get left(): number {
    this.#count()
    return this.#left
  }

  /** Milliseconds until {@link take} succeeds for one; 0 when it does now. */
  get waitMs(): number {
    this.#count()
    return Math.max(0, Math.ceil(((1 - this.#left) / this.#perSecond) * 1000))
  }

  /** What is left, as a part of what there is at the most. */
  get share(): number {
    this.#count()
    return this.#left / this.#burst
  }

  #count(): void {
    const now = this.#clock.monotonic()
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#countedAt) / 1000) * this.#perSecond)
    this.#countedAt = now
  }
}

/** What one may take, what all together may, and what is kept for those who have taken little. */
export interface SharesOptions {
  each: Rate
  all: Rate
  reserve: Rate
}

/** So many senders have an account of their own, those heard last: their addresses may be made up. */
const MOST_SENDERS = 1024
/** Whoever has more than this part left has taken little. */
const LITTLE_TAKEN = 0.75

/**
 * An allowance for each sender within one for all: whoever takes much uses up its own, and where many senders use up
 * what there is for all, a reserve is left for those who have taken little.
 */
export class Shares {
  readonly #clock: Clock
  readonly #each: Rate
  readonly #all: Allowance
  readonly #reserve: Allowance
  /** Least recently asked for first. */
  readonly #senders = new Map<string, Allowance>()

  constructor(clock: Clock, { each, all, reserve }: SharesOptions) {
    this.#clock = clock
    this.#each = each
    this.#all = new Allowance(clock, all.burst, all.perSecond)
    this.#reserve = new Allowance(clock, reserve.burst, reserve.perSecond)
  }

  /** Takes so much for a sender if both it and all together have so much left. */
  take(sender: string, amount = 1): boolean {
    const own =
      this.#senders.get(sender) ?? new Allowance(this.#clock, this.#each.burst, this.#each.perSecond)
    this.#senders.delete(sender)
    this.#senders.set(sender, own)
    for (const oldest of this.#senders.keys()) {
      if (this.#senders.size <= MOST_SENDERS) break
      this.#senders.delete(oldest)
    }
    const hasTakenLittle = own.share > LITTLE_TAKEN
    return own.take(amount) && (this.#all.take(amount) || (hasTakenLittle && this.#reserve.take(amount)))
  }
}
