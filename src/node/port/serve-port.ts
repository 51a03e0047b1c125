/** The node's end of the channel: turns messages into calls of its local port, and back. */
import type { Cancel } from '../../core/clock.ts'
import { RequestFailed } from '../../core/failure.ts'
import type { NodePort } from '../../core/port.ts'
import { safeText, say } from '../../core/safe-text.ts'
import { asRequestFailed, badRequest, noSuchRequest } from './failures.ts'
import { ServedReader } from './served-reader.ts'
import type { Channel, FromNode, ToNode } from './wire.ts'
import { areParams, asToNode, isRequestKind } from './wire-checks.ts'

/** No reader gets a larger ring, whatever the other side asks for. */
const MAX_CAPACITY = 65_536
/** Nothing waits longer than this, in ms, whatever the other side asks for. */
const MAX_ROUTINE_WAIT_MS = 10_000

/**
 * Serves a port to the other side of a channel. When the channel is lost, its requests are cancelled and its readers
 * closed; the node goes on. What the other side sends and makes no sense is ignored or answered with a failure.
 *
 * @returns ends the service as if the channel were lost
 */
export function servePort(port: NodePort, channel: Channel<FromNode>): Cancel {
  const service = new PortService(port, channel)
  return () => service.close()
}

class PortService {
  readonly #port: NodePort
  readonly #channel: Channel<FromNode>
  readonly #calls = new Map<number, AbortController>()
  readonly #readers = new Map<number, ServedReader>()
  readonly #stopListening: Cancel
  #closed = false

  constructor(port: NodePort, channel: Channel<FromNode>) {
    this.#port = port
    this.#channel = channel
    this.#stopListening = channel.open({
      message: message => this.#receive(asToNode(message)),
      lost: () => this.close(),
    })
    void port.ended.then(async end => {
      await Promise.all([...this.#readers.values()].map(reader => reader.flush()))
      this.#send({ type: 'ended', end })
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopListening()
    for (const call of this.#calls.values()) call.abort()
    for (const reader of this.#readers.values()) reader.close()
    this.#readers.clear()
  }

  #receive(message: ToNode | undefined): void {
    switch (message?.type) {
      case 'request':
        void this.#answer(message)
        break
      case 'cancel':
        this.#calls.get(message.call)?.abort()
        break
      case 'subscribe':
        this.#subscribe(message)
        break
      case 'pull':
        void this.#readers.get(message.reader)?.pull()
        break
      case 'unsubscribe':
        this.#readers.get(message.reader)?.close()
        this.#readers.delete(message.reader)
        break
      case 'stop':
        void this.#port.stop()
        break
    }
  }

  async #answer(message: ToNode & { type: 'request' }): Promise<void> {
    const { call } = message
    // A number in use twice would let one request settle the other.
    if (this.#calls.has(call)) return
    const controller = new AbortController()
    this.#calls.set(call, controller)
    try {
      this.#send({ type: 'result', call, result: await this.#request(message, controller.signal) })
    } catch (error) {
      this.#send({ type: 'failed', call, failure: asRequestFailed(error).failure })
    } finally {
      this.#calls.delete(call)
    }
  }

  async #request(message: ToNode & { type: 'request' }, signal: AbortSignal): Promise<unknown> {
    const { kind, params, deadlineMs, id } = message
    if (!isRequestKind(kind)) throw new RequestFailed(noSuchRequest(kind))
    if (!areParams(kind, params))
      throw new RequestFailed(badRequest(say`Wrong parameters for ${safeText(kind)}`))
    return this.#port.request(kind, params, {
      signal,
      deadlineMs,
      ...(typeof id === 'string' ? { id: safeText(id) } : {}),
    })
  }

  #subscribe({ reader, capacity, recent, routineWaitMs }: ToNode & { type: 'subscribe' }): void {
    if (this.#readers.has(reader)) return
    const subscription = this.#port.subscribe({
      recent: recent === true,
      ...(typeof routineWaitMs === 'number' && routineWaitMs > 0
        ? { routineWaitMs: Math.min(routineWaitMs, MAX_ROUTINE_WAIT_MS) }
        : {}),
      ...(typeof capacity === 'number' && capacity >= 1
        ? { capacity: Math.min(Math.floor(capacity), MAX_CAPACITY) }
        : {}),
    })
    this.#readers.set(
      reader,
      new ServedReader(subscription, batch => {
        if (batch === undefined) this.#readers.delete(reader)
        this.#send({ type: 'batch', reader, ...(batch === undefined ? {} : { batch }) })
      }),
    )
  }

  #send(message: FromNode): void {
    if (!this.#closed) this.#channel.send(message)
  }
}
