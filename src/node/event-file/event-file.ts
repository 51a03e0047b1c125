import type { Cancel, Clock } from '../../core/clock.ts'
import { EVENT_VERSION, type NodeEvent } from '../../core/events.ts'
import { lossOf } from '../../core/lost-events.ts'
import type { Batch, Subscription } from '../../core/port.ts'
import { type SafeText, safeMessage, say } from '../../core/safe-text.ts'
import type { EventHub } from '../port/event-hub.ts'
import { RotatingFile, type RotatingFileOptions } from './rotating-file.ts'

/** Events that wait for the disk: some seconds of the busiest node, about 10 MB. */
const CAPACITY = 16_384
/** A write has what came in so many ms; the first one after a pause comes at once. */
const WRITE_EVERY_MS = 100
/** What cannot be written is tried again after this, in ms. That doubles while it goes on. */
const RETRY_MS = 1_000
const LONGEST_RETRY_MS = 30_000
/** A disk that hangs does not hold up the end of the node for longer, in ms. */
const FINISH_WITHIN_MS = 500

/** What a file of events is written with. */
export interface EventFileOptions extends Omit<RotatingFileOptions, 'clock'> {
  clock: Clock
  hub: Pick<EventHub, 'subscribe' | 'emit'>
}

/**
 * Appends every event of a node to a file, a JSON object a line, from the thread that the events happen in: there is no
 * way between on which they could pile up. What the disk does not take in time is dropped, an operator's own events
 * last, and a line `events:dropped` stands where it is missing. A file that cannot be written is a warning of the node,
 * which goes on, and it is tried again.
 */
export class EventFile {
  readonly #options: EventFileOptions
  readonly #file: RotatingFile
  readonly #subscription: Subscription
  readonly #written: Promise<void>
  #finishing = false
  #cutPause: () => void = () => {}
  /** Number of the last event that was taken. */
  #seq = 0
  /** Why nothing is written, as it was told. */
  #told: SafeText | undefined

  constructor(options: EventFileOptions) {
    this.#options = options
    this.#file = new RotatingFile(options)
    this.#subscription = options.hub.subscribe({ recent: true, capacity: CAPACITY, stateless: true })
    this.#written = this.#follow()
  }

  /** Writes what is left. Call it when the hub is closed. Never rejects, and settles also if the disk hangs. */
  async finish(): Promise<void> {
    this.#finishing = true
    this.#cutPause()
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const cancel = this.#options.clock.after(FINISH_WITHIN_MS, resolve)
    await Promise.race([this.#written, late])
    cancel()
  }

  async #follow(): Promise<void> {
    for (
      let batch = await this.#subscription.next();
      batch !== undefined;
      batch = await this.#subscription.next()
    ) {
      await this.#write(Buffer.from(this.#linesOf(batch)))
      await this.#pause(WRITE_EVERY_MS)
    }
    await this.#file.close().catch(() => {})
  }

  /** Tries until all of it is in the file, or the node is gone. What happens meanwhile waits, as far as there is room. */
  async #write(lines: Buffer): Promise<void> {
    let rest = lines
    let moved = false
    for (let waitMs = RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      const { written, error } = await this.#file.append(rest, () => {
        moved = true
      })
      rest = rest.subarray(written)
      if (moved) this.#tellMoved()
      moved = false
      if (error === undefined) break
      this.#tellFault(error)
      if (this.#finishing) return
      await this.#pause(waitMs)
    }
    if (this.#told !== undefined) this.#options.hub.emit({ type: 'warning:cleared', topic: 'log' })
    this.#told = undefined
  }

  #linesOf({ events, dropped, lost = [] }: Batch): string {
    let lines = ''
    let untold = dropped
    for (const event of events) {
      if (untold > 0 && event.seq !== this.#seq + 1) {
        lines += `${JSON.stringify(this.#droppedBefore(event, dropped, lost))}\n`
        untold = 0
      }
      lines += `${JSON.stringify(event)}\n`
      this.#seq = event.seq
    }
    return lines
  }

  /** The line that stands for lost events; it has the number of the first of them. */
  #droppedBefore(
    { time }: NodeEvent,
    count: number,
    kinds: NonNullable<Batch['lost']>,
  ): NodeEvent<'events:dropped'> {
    const slow = { cause: say`the disk did not take them in time`, hint: say`` }
    const { cause } = lossOf(count, kinds, slow)
    return { v: EVENT_VERSION, seq: this.#seq + 1, time, type: 'events:dropped', count, kinds, cause }
  }

  #tellFault(error: unknown): void {
    const { hub, path } = this.#options
    const cause = say`Nothing can be written to the log file ${safeMessage(path)}: ${safeMessage(error)}`
    if (cause === this.#told) return
    this.#told = cause
    const hint = say`It is tried again, and what happens until then is kept as far as there is room. Look at the disk and at who may write there`
    hub.emit({ type: 'warning:raised', topic: 'log', cause, hint })
  }

  #tellMoved(): void {
    const { hub, path } = this.#options
    const cause = say`The log file ${safeMessage(path)} was moved or deleted`
    hub.emit({ type: 'warning:raised', topic: 'log', cause, hint: say`There is a new one now` })
    hub.emit({ type: 'warning:cleared', topic: 'log' })
  }

  #pause(ms: number): Promise<void> {
    if (this.#finishing) return Promise.resolve()
    return new Promise(resolve => {
      let cancel: Cancel = () => {}
      this.#cutPause = () => {
        cancel()
        resolve()
      }
      cancel = this.#options.clock.after(ms, resolve)
    })
  }
}
