import type { Clock } from '../../core/clock.ts'
import { type OffenderWarning, offenderWarning } from '../../core/event-text/offenders.ts'
import type { NewEvent } from '../../core/events.ts'
import type { Offender } from './offenders.ts'

/** A warning is told anew after so long, in ms, as its figures grow; each time after that twice as long. */
const AGAIN_MS = 5_000
const LONGEST_AGAIN_MS = 60_000
/** So many warnings are remembered to have been told. */
const MOST_REMEMBERED = 16

/**
 * Tells who exceeds limits: as a list when it changes, and as a warning that says what to do, for as long as it goes on.
 * The warning is told anew at once where it is another one: somebody else, or something else to do. Its figures alone are
 * in the list each second; a line of the log for each would be a flood of its own.
 */
export class OffenderReport {
  readonly #clock: Clock
  readonly #emit: (event: NewEvent) => void
  #list = '[]'
  /** When each was told last, and for how long it is not told again. Two who take turns are two. */
  readonly #warned = new Map<string, { at: number; againMs: number }>()

  constructor({ clock, emit }: { clock: Clock; emit(event: NewEvent): void }) {
    this.#clock = clock
    this.#emit = emit
  }

  /** Takes those of now, the worst first. To be called once a second. */
  tell(offenders: readonly Offender[]): void {
    const list = JSON.stringify(offenders)
    if (list !== this.#list) {
      this.#list = list
      this.#emit({ type: 'limits:offenders', offenders: [...offenders] })
    }
    const warning = offenderWarning(offenders)
    if (warning !== undefined) this.#warn(warning)
    else if (this.#warned.size > 0) {
      this.#warned.clear()
      this.#emit({ type: 'warning:cleared', topic: 'offenders' })
    }
  }

  #warn({ cause, hint, key }: OffenderWarning): void {
    const now = this.#clock.monotonic()
    const last = this.#warned.get(key)
    if (last !== undefined && now - last.at < last.againMs) return
    const againMs = last === undefined ? AGAIN_MS : Math.min(last.againMs * 2, LONGEST_AGAIN_MS)
    this.#warned.delete(key)
    this.#warned.set(key, { at: now, againMs })
    const [oldest] = this.#warned.keys()
    if (this.#warned.size > MOST_REMEMBERED && oldest !== undefined) this.#warned.delete(oldest)
    this.#emit({ type: 'warning:raised', topic: 'offenders', cause, hint })
  }
}
