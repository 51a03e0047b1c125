/** The channel as the screen's thread has it, and the thread beyond it; message-port-channel.ts is the other end. */
import module from 'node:module'
import { dirname } from 'node:path'
import { type ResourceLimits, Worker } from 'node:worker_threads'
import type { Cancel } from '../../core/clock.ts'
import { LastLines } from './last-lines.ts'
import type { Channel, ChannelListener, ToNode } from './wire.ts'
import { type WorkerDeath, workerFailure } from './worker-failure.ts'

/** Which module the thread runs, and with what. */
export interface WorkerThreadOptions {
  entry: URL
  /** Handed to the thread as `workerData`. */
  data: unknown
  resourceLimits?: ResourceLimits
}

/**
 * A thread and the channel to it, which is lost when the thread is gone. What the thread writes to stdout or stderr
 * does not reach the terminal.
 */
export class WorkerThread implements Channel<ToNode> {
  /** Settles when the thread is gone and all it sent has been heard; never rejects. */
  readonly exited: Promise<void>
  readonly #worker: Worker | undefined
  readonly #lines = new LastLines()
  #death: WorkerDeath | undefined

  constructor({ entry, data, resourceLimits }: WorkerThreadOptions) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.exited = promise
    try {
      this.#worker = new Worker(entry, {
        name: 'node',
        workerData: data,
        stdout: true,
        stderr: true,
        env: withCompileCache(process.env),
        ...(resourceLimits === undefined ? {} : { resourceLimits }),
      })
    } catch (error) {
      this.#death = { error, lastLines: [] }
      resolve()
      return
    }
    let thrown: { error?: unknown } = {}
    this.#lines.read(this.#worker.stdout)
    this.#lines.read(this.#worker.stderr)
    this.#worker.on('error', error => {
      // `throw undefined` is an error as well.
      thrown = { error: error ?? new Error('threw nothing') }
    })
    this.#worker.once('exit', exitCode => {
      // Its last lines are delivered a tick after its exit.
      setImmediate(() => {
        this.#death = { exitCode, lastLines: this.#lines.lines, ...thrown }
        resolve()
      })
    })
  }

  /** Sends a message; nothing happens when the thread is gone. */
  send(message: ToNode): void {
    this.#worker?.postMessage(message)
  }

  open(listener: ChannelListener): Cancel {
    const message = (data: unknown): void => listener.message(data)
    let listening = true
    this.#worker?.on('message', message)
    void this.exited.then(() => {
      if (listening) listener.lost(workerFailure(this.#death ?? { lastLines: [] }))
    })
    return () => {
      listening = false
      this.#worker?.off('message', message)
    }
  }

  /** Ends the thread wherever it stands, even in an endless loop. Never rejects. */
  async terminate(): Promise<void> {
    void this.#worker?.terminate().catch(() => {})
    await this.exited
  }
}

/** A thread does not inherit the cache of compiled code. It must be on before the thread's first module is compiled. */
function withCompileCache(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const directory = module.getCompileCacheDir?.()
  // That is the part of it for this release of Node.js.
  return directory === undefined ? { ...env } : { ...env, NODE_COMPILE_CACHE: dirname(directory) }
}
