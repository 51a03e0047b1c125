import type { Cancel, Clock } from '../../core/clock.ts'
import type { NewEvent, Payload } from '../../core/events.ts'
import { formatCount } from '../../core/format.ts'
import { limitOption } from '../../core/limit-terms.ts'
import { say } from '../../core/safe-text.ts'
import type { AllLimits } from './fit-limits.ts'

const SAMPLE_MS = 1_000
/** The warning comes at this share of the places for others, and goes again below the other one. */
const NEAR = 0.9
const NO_LONGER_NEAR = 0.8

/** How much of the limits is used at one moment. */
export type Use = Payload<'limits:sampled'>

interface SamplerOptions {
  clock: Clock
  emit(event: NewEvent): void
  most: Pick<AllLimits, 'inbound' | 'descriptors'>
  measure(): Use
}

/** Tells once a second how much of the limits is used, if that has changed, and warns while it is nearly all. */
export class UseSampler {
  readonly #options: SamplerOptions
  readonly #stop: Cancel
  #told = ''
  #near = false

  constructor(options: SamplerOptions) {
    this.#options = options
    this.#stop = options.clock.every(SAMPLE_MS, () => this.#sample())
  }

  stop(): void {
    this.#stop()
  }

  #sample(): void {
    const use = this.#options.measure()
    const told = Object.values(use).join()
    if (told === this.#told) return
    this.#told = told
    this.#options.emit({ type: 'limits:sampled', ...use })
    this.#warn(use.inbound)
  }

  #warn(used: number): void {
    const { most, emit } = this.#options
    const { inbound } = most
    if (!this.#near && used >= inbound * NEAR) {
      this.#near = true
      emit({
        type: 'warning:raised',
        topic: 'limits',
        cause: say`Inbound connections: ${formatCount(used)} of ${formatCount(inbound)} in use; more are refused`,
        hint: say`see limits; hangup makes room, or restart with a higher ${limitOption('connections')}`,
      })
    } else if (this.#near && used < inbound * NO_LONGER_NEAR) {
      this.#near = false
      emit({ type: 'warning:cleared', topic: 'limits' })
    }
  }
}
