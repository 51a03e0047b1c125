import type { Readable, Writable } from 'node:stream'
import type { Clock } from '../core/clock.ts'
import type { SignalSource } from './end-signals.ts'

/** What a mode without a screen talks to. */
export interface ModeIo {
  clock: Clock
  /** Commands, one a line; absent: none are read. */
  input?: Readable
  out: Writable
  err: Writable
  signals: SignalSource
}
