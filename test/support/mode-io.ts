/** Streams and signals as a mode without a screen has them, in memory. */
import { EventEmitter } from 'node:events'
import { PassThrough, Writable } from 'node:stream'
import type { ModeIo } from '../../src/modes/io.ts'
import type { ManualClock } from './manual-clock.ts'

/** Takes what is written; can stop taking, and can break like a pipe whose reader has gone. */
export class FakeReader extends Writable {
  text = ''
  #stalled: (() => void)[] | undefined

  constructor(options: { highWaterMark?: number } = {}) {
    super({ ...options, decodeStrings: false })
  }

  override _write(chunk: string, _: BufferEncoding, done: () => void): void {
    this.text += chunk
    if (this.#stalled === undefined) done()
    else this.#stalled.push(done)
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1)
  }

  stall(): void {
    this.#stalled = []
  }

  resume(): void {
    const waiting = this.#stalled ?? []
    this.#stalled = undefined
    for (const done of waiting) done()
  }

  break(): void {
    this.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  }
}

export class FakeIo implements ModeIo {
  readonly clock: ManualClock
  readonly input = new PassThrough()
  readonly out: FakeReader
  readonly err = new FakeReader()
  readonly signals = new EventEmitter()

  constructor(clock: ManualClock, out = new FakeReader()) {
    this.clock = clock
    this.out = out
  }

  /** Lets time pass until `promise` settles. */
  async passing<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const end = () => {
      settled = true
    }
    promise.then(end, end)
    for (let passed = 0; !settled && passed < 60_000; passed += 10) await this.clock.advanceAsync(10)
    return await promise
  }

  /** Lets time pass until something holds. */
  async until(holds: () => boolean): Promise<void> {
    for (let passed = 0; !holds(); passed += 10) {
      if (passed > 60_000) throw new Error(`it never held:\n${this.out.text}\n${this.err.text}`)
      await this.clock.advanceAsync(10)
    }
  }
}
