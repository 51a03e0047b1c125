/** The node in a thread of its own, seen from the thread of the screen. Imports nothing that is slow to load. */
import type { ResourceLimits } from 'node:worker_threads'
import { type Clock, systemClock } from '../../core/clock.ts'
import type { NodePort } from '../../core/port.ts'
import type { NodeOptions } from '../options.ts'
import { connectPort } from './connect-port.ts'
import { WorkerThread } from './worker-thread.ts'

/** A node that has been asked to stop gets so long, in ms; then its thread is ended. */
export const STOP_WITHIN_MS = 3000

/** What a worker's port needs beside the options of its node; all of it has defaults. */
export interface WorkerPortSettings {
  /** @default the machine's own time */
  clock?: Clock
  /** The module that the thread runs; it serves a port over its `parentPort`. @default {@link workerEntry} */
  entry?: URL
  /** Limits of the thread's memory. @default Node's own */
  resourceLimits?: ResourceLimits
}

/**
 * Starts a node in a worker thread. Returns at once: a node that cannot start, and one that dies later, shows as
 * `ended` with the reason; requests and readers settle then.
 */
export function startWorkerPort(options: NodeOptions, settings: WorkerPortSettings = {}): NodePort {
  const { clock = systemClock, entry = workerEntry(import.meta.url), resourceLimits } = settings
  const thread = new WorkerThread({
    entry,
    data: options,
    ...(resourceLimits === undefined ? {} : { resourceLimits }),
  })
  const port = connectPort(thread, clock)
  const ended = port.ended.then(async end => {
    await thread.terminate()
    return end
  })
  return {
    ended,
    request: (kind, params, requestOptions) => port.request(kind, params, requestOptions),
    subscribe: subscribeOptions => port.subscribe(subscribeOptions),
    stop: async () => {
      const forget = clock.after(STOP_WITHIN_MS, () => void thread.terminate())
      await port.stop()
      forget()
      await ended
    },
  }
}

/**
 * Where the thread's module is, seen from this one: in the sources one folder up, in a bundle, where all modules lie
 * in one folder, next to it.
 */
export function workerEntry(here: string): URL {
  const extension = /\.\w+$/u.exec(here)?.[0] ?? '.js'
  return new URL(extension === '.ts' ? '../worker.ts' : `./worker${extension}`, here)
}
