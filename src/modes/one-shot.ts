/** `p2p-tui <verb>`: a node for one command. */
import type { Args, Command, CommandContext } from '../commands/command.ts'
import { isAddress } from '../commands/target.ts'
import { foldBatch } from '../commands/wait.ts'
import { describeEvent } from '../core/event-text.ts'
import { type Failure, RequestFailed } from '../core/failure.ts'
import type { Batch, NodePort } from '../core/port.ts'
import { say } from '../core/safe-text.ts'
import type { NodeOptions } from '../node/options.ts'
import { EMPTY_SWARM, type SwarmState } from '../store/swarm/state.ts'
import { onEndSignal } from './end-signals.ts'
import { failureLine, failureText, type ModeIo } from './io.ts'
import { LineWriter } from './line-writer.ts'
import type { Settings } from './settings.ts'
import { stopPort } from './stopping.ts'

/** How long a peer that is not an address may take to be heard, in ms. */
const WAIT_FOR_PEER_MS = 10_000

/** The one command to run, and how to print what it says. */
export interface OneShot {
  command: Command
  args: Args
  /** Results as JSON, one object a line; otherwise lines for people. */
  json: boolean
}

/**
 * How the node for one command is to be: nobody, nowhere and silent, but for what was asked for and what the command
 * needs. Two such commands, and one beside a running copy, do not get into each other's way.
 */
export function oneShotNode({ node, chosen }: Settings, { command, args }: OneShot): NodeOptions {
  const target = args.target === undefined ? undefined : String(args.target)
  const listens = command.verb === 'discover' || (target !== undefined && !isAddress(target))
  return {
    ...node,
    listen: chosen.listen ? node.listen : [],
    ephemeral: chosen.profile ? node.ephemeral : true,
    mdns: node.mdns && listens,
    autoDial: false,
    autonat: false,
    autonatServer: false,
    upnp: false,
    pingIntervalMs: 0,
  }
}

/**
 * Runs one command to its end, or until a signal or the end of its reader, and stops the node.
 *
 * @returns the exit code: 0 done, 1 failed, 128 + n after a signal
 */
export async function runOneShot(port: NodePort, shot: OneShot, io: ModeIo): Promise<number> {
  const out = new LineWriter(io.out)
  const err = new LineWriter(io.err)
  const ending = new AbortController()
  const hurry = Promise.withResolvers<void>()
  let interrupted: number | undefined
  const forgetSignals = onEndSignal(io.signals, exitCode => {
    if (interrupted !== undefined) hurry.resolve()
    interrupted ??= exitCode
    ending.abort()
  })
  void out.gone.then(() => ending.abort())

  const state = new Following(port, line => void err.write(line))
  const context: CommandContext = {
    port,
    clock: io.clock,
    signal: ending.signal,
    swarm: () => state.swarm,
    selected: () => undefined,
    reply: ({ text, data }) => void out.write(shot.json ? JSON.stringify(data ?? { text }) : text),
    quit: () => ending.abort(),
    oneShot: { waitForPeerMs: WAIT_FOR_PEER_MS },
  }
  const failure = await outcome(shot, state, context)
  if (failure !== undefined && !ending.signal.aborted) await tell(failure)
  await stopPort(port, io.clock, hurry.promise)
  state.close()
  forgetSignals()
  return interrupted ?? (failure === undefined || !out.open ? 0 : 1)

  async function tell(why: Failure): Promise<void> {
    const { verb } = shot.command
    if (state.discoveryWarning !== undefined && verb !== 'discover') await err.write(state.discoveryWarning)
    if (shot.json) await out.write(failureLine(verb, why, shot.args.target))
    else await err.write(`p2p-tui ${verb}: ${failureText(why)}`)
  }
}

/** Waits for the node to run, then runs the command; why that failed, if it did. */
async function outcome(
  shot: OneShot,
  state: Following,
  context: CommandContext,
): Promise<Failure | undefined> {
  const { promise: cancelled, resolve } = Promise.withResolvers<void>()
  context.signal.addEventListener('abort', () => resolve(), { once: true })
  if (context.signal.aborted) resolve()
  await Promise.race([state.running, cancelled])
  const died = context.port.ended.then(end => end.failure)
  if (state.swarm.node.status !== 'running') return context.signal.aborted ? undefined : await died
  try {
    await shot.command.run(shot.args, context)
    return undefined
  } catch (error) {
    if (error instanceof RequestFailed) return error.failure
    throw error
  }
}

/** The state of the node as its events come, and its warnings for people. */
class Following {
  /** Settles when the node runs, or never will. */
  readonly running: Promise<void>
  swarm: SwarmState = EMPTY_SWARM
  /** That discovery does not work well: of interest only when the command came to nothing. */
  discoveryWarning: string | undefined
  readonly #subscription
  readonly #warn: (line: string) => void

  constructor(port: NodePort, warn: (line: string) => void) {
    this.#warn = warn
    this.#subscription = port.subscribe()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.running = promise
    void this.#follow(resolve)
  }

  close(): void {
    this.#subscription.close()
  }

  async #follow(started: () => void): Promise<void> {
    for (;;) {
      const batch = await this.#subscription.next()
      if (batch === undefined) break
      this.#take(batch)
      if (this.swarm.node.status === 'running') started()
    }
    started()
  }

  #take(batch: Batch): void {
    for (const event of batch.events) {
      if (event.type !== 'warning:raised') continue
      const line = say`p2p-tui: ${describeEvent(event).text}`
      if (event.topic === 'mdns') this.discoveryWarning = line
      else this.#warn(line)
    }
    this.swarm = foldBatch(this.swarm, batch)
  }
}
