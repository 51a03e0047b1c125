import type { NewEvent } from '../../core/events.ts'
import { formatCount } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import type { Descriptors } from './descriptors.ts'

/** The warning goes again when others have used less than this share of what they may. */
const NO_LONGER_NEAR = 0.8

/** What the system says where a process, or the machine, has no file descriptor left. */
const NONE_LEFT = new Set(['EMFILE', 'ENFILE'])

interface Notice {
  cause: SafeText
  hint: SafeText
}

/** Warns while file descriptors run out, and of limits that had to be lowered for want of them. */
export class DescriptorWatch {
  readonly #descriptors: Descriptors
  readonly #emit: (event: NewEvent) => void
  readonly #lowered: Notice | undefined
  #near = false

  /** @param lowered what is to be said of limits for which there are too few */
  constructor(descriptors: Descriptors, emit: (event: NewEvent) => void, lowered: Notice | undefined) {
    this.#descriptors = descriptors
    this.#emit = emit
    this.#lowered = lowered
  }

  start(): void {
    if (this.#lowered !== undefined) this.#raise(this.#lowered)
  }

  /** To be called once they have been counted. */
  counted(): void {
    const { limit, kept, used, left } = this.#descriptors
    if (!this.#near && left <= 0) {
      this.#tellNear(
        say`File descriptors: ${formatCount(used)} of ${formatCount(limit)} in use; inbound connections are refused`,
      )
    } else if (this.#near && used < (limit - kept) * NO_LONGER_NEAR) {
      this.#near = false
      if (this.#lowered === undefined) this.#emit({ type: 'warning:cleared', topic: 'descriptors' })
      else this.#raise(this.#lowered)
    }
  }

  /** A server could not accept a connection. Other errors than those of descriptors are told elsewhere. */
  acceptFailed({ code = '' }: NodeJS.ErrnoException): void {
    if (this.#near || !NONE_LEFT.has(code)) return
    this.#tellNear(say`A connection could not be accepted: no file descriptors are left`)
  }

  #tellNear(cause: SafeText): void {
    this.#near = true
    this.#raise({
      cause,
      hint: say`hangup makes room; for more, raise ulimit -n and restart`,
    })
  }

  #raise(notice: Notice): void {
    this.#emit({ type: 'warning:raised', topic: 'descriptors', ...notice })
  }
}
