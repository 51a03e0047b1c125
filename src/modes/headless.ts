/** The node without a screen: events out as lines, commands in as lines. */
import type { Reply } from '../commands/command.ts'
import { foldBatch } from '../commands/wait.ts'
import type { Cancel } from '../core/clock.ts'
import { describeEvent, QUIET_EVENTS } from '../core/event-text.ts'
import type { NodeEvent } from '../core/events.ts'
import { formatTime } from '../core/format.ts'
import { type LostKind, lossOf } from '../core/lost-events.ts'
import type { Batch, NodePort } from '../core/port.ts'
import { safeText, say } from '../core/safe-text.ts'
import type { SwarmState } from '../store/swarm/state.ts'
import { EMPTY_SWARM } from '../store/swarm/state.ts'
import { onEndSignal } from './end-signals.ts'
import { runInputLines } from './input-lines.ts'
import type { ModeIo } from './io.ts'
import { LineWriter } from './line-writer.ts'
import { STOP_WITHIN_MS } from './stopping.ts'
import { Trouble } from './trouble.ts'

/** Lines of so many UTF-16 units together are written at a time. */
const WRITE_AT_ONCE = 64 * 1024

/** What to run without a screen, and how to print it. */
export interface HeadlessOptions {
  port: NodePort
  /** NodeEvents as they stand, one JSON object a line; otherwise lines for people. */
  json: boolean
  /** Multiaddrs to dial once the node runs. */
  dial: readonly string[]
}

/**
 * Runs until a signal, `quit`, the end of the node or that of its reader. The node never waits for the reader: what
 * does not fit is dropped and counted on stderr.
 *
 * @returns the exit code: 0 when told to end or nobody reads any more, 1 when the node died, 128 + n after a signal
 */
export async function runHeadless({ port, json, dial }: HeadlessOptions, io: ModeIo): Promise<number> {
  const run = new HeadlessRun(port, json, io)
  const input = run.acceptInput(dial)
  try {
    return await run.untilEnd()
  } finally {
    run.dispose()
    await input
  }
}

class HeadlessRun {
  readonly #port: NodePort
  readonly #json: boolean
  readonly #io: ModeIo
  readonly #out: LineWriter
  readonly #trouble: Trouble
  readonly #subscription
  readonly #started = Promise.withResolvers<void>()
  readonly #hurry = Promise.withResolvers<void>()
  readonly #ending = new AbortController()
  readonly #forgetSignals
  #swarm: SwarmState = EMPTY_SWARM
  #exitCode: number | undefined
  #forgetTimer: Cancel = () => {}

  constructor(port: NodePort, json: boolean, io: ModeIo) {
    this.#port = port
    this.#json = json
    this.#io = io
    this.#out = new LineWriter(io.out)
    this.#trouble = new Trouble(io.err, io.clock, json)
    this.#subscription = port.subscribe({ recent: true })
    this.#forgetSignals = onEndSignal(io.signals, exitCode => {
      // Asked twice: not even the clean stop is waited for.
      if (this.#exitCode !== undefined) this.#giveUp()
      this.#end(exitCode)
    })
    void this.#out.gone.then(() => this.#end(0))
  }

  async untilEnd(): Promise<number> {
    for (;;) {
      const batch = await this.#subscription.next()
      if (batch === undefined) break
      await this.#print(batch)
      this.#swarm = foldBatch(this.#swarm, batch)
      if (this.#swarm.node.status === 'running') this.#started.resolve()
    }
    const end = await Promise.race([this.#port.ended, this.#hurry.promise])
    if (end?.failure === undefined || this.#exitCode !== undefined) return this.#exitCode ?? 0
    await this.#trouble.failed(end.failure)
    return 1
  }

  /** Dials, then reads commands; both wait for the node to run. Settles soon after the end of the run. */
  async acceptInput(dial: readonly string[]): Promise<void> {
    const { signal } = this.#ending
    await Promise.race([this.#started.promise, this.#port.ended, aborted(signal)])
    if (signal.aborted) return
    // How each goes is an event.
    for (const target of dial) void this.#port.request('dial', { target }, { signal }).catch(() => {})
    const { input, clock } = this.#io
    if (input === undefined) return
    await runInputLines(input, {
      context: {
        port: this.#port,
        clock,
        signal,
        swarm: () => this.#swarm,
        selected: () => undefined,
        quit: () => this.#end(0),
      },
      reply: (reply, line) => this.#answer(reply, line),
      wrong: (failure, line) => this.#trouble.failed(failure, line),
    })
  }

  dispose(): void {
    this.#ending.abort()
    this.#forgetSignals()
    this.#forgetTimer()
    this.#subscription.close()
  }

  /** Between events as JSON there is no place for answers. */
  async #answer({ text, data }: Reply, line: number): Promise<void> {
    if (!this.#json) await this.#out.write(text)
    else if (data !== undefined) await this.#trouble.answer(data, line)
  }

  async #print({ events, dropped, lost = [] }: Batch): Promise<void> {
    if (dropped > 0) await this.#trouble.warning(...warningOf(dropped, lost))
    let lines = ''
    for (const event of events) {
      if (!this.#out.open) return
      if (this.#json) lines += `${JSON.stringify(event)}\n`
      else if (!QUIET_EVENTS.has(event.type)) lines += `${lineOf(event)}\n`
      if (lines.length < WRITE_AT_ONCE) continue
      await this.#out.writeLines(lines)
      lines = ''
    }
    if (lines !== '') await this.#out.writeLines(lines)
  }

  /** Asks the node to stop. Its last events still come, and then the end of the subscription. */
  #end(exitCode: number): void {
    if (this.#exitCode !== undefined) return
    this.#exitCode = exitCode
    this.#ending.abort()
    this.#forgetTimer = this.#io.clock.after(STOP_WITHIN_MS, () => this.#giveUp())
    void this.#port.stop().catch(() => {})
    if (!this.#out.open) this.#subscription.close()
  }

  /** The node does not end, or the reader does not read: nothing is waited for any more. */
  #giveUp(): void {
    this.#hurry.resolve()
    this.#out.abandon()
    this.#subscription.close()
  }
}

/** That this reader lost events, as data and in words. */
function warningOf(dropped: number, lost: readonly LostKind[]): Parameters<Trouble['warning']> {
  const slow = { cause: say`the output was not read in time`, hint: say`Read it faster` }
  const { cause, hint } = lossOf(dropped, lost, slow)
  const text = say`${dropped} ${dropped === 1 ? say`event` : say`events`} lost: ${cause}`
  return [{ topic: say`output`, cause: text, hint }, say`${text}. ${hint}`]
}

function lineOf(event: NodeEvent): string {
  const { kind, text } = describeEvent(event)
  return say`${formatTime(event.time, true)} ${safeText(kind.padEnd(6))} ${text}`
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
