/** `p2p-tui <verb>`: a node for one command. */
import type { Args, Command, CommandContext, OneShotContext } from '../commands/command.ts'
import { describeEvent } from '../core/event-text.ts'
import type { NodeEvent } from '../core/events.ts'
import { type Failure, RequestFailed } from '../core/failure.ts'
import type { NodePort } from '../core/port.ts'
import { safeMessage, safeText, say } from '../core/safe-text.ts'
import { answerLine } from './answer-line.ts'
import { onEndSignal } from './end-signals.ts'
import { Following } from './following.ts'
import type { ModeIo } from './io.ts'
import { LineWriter } from './line-writer.ts'
import { stopPort } from './stopping.ts'
import { Trouble } from './trouble.ts'
import { withDeadline } from './with-deadline.ts'

/** How long a peer that is not an address may take to be heard, in ms. */
const WAIT_FOR_PEER_MS = 10_000

/** The one command to run, and how to print what it says. */
export interface OneShot {
  command: Command
  args: Args
  /** Answers as JSON, one object a line; otherwise lines for people. */
  json: boolean
  asked: Omit<OneShotContext, 'waitForPeerMs'>
}

/**
 * Runs one command to its end, or until a signal or the end of its reader, and stops the node. Answers go to standard
 * output; failures and warnings to standard error, as JSON too where that is asked for.
 *
 * @returns the exit code: 0 done, 1 failed, 128 + n after a signal
 */
export async function runOneShot(port: NodePort, shot: OneShot, io: ModeIo): Promise<number> {
  const out = new LineWriter(io.out)
  const trouble = new Trouble(io.err, io.clock, shot.json)
  const ending = new AbortController()
  const hurry = Promise.withResolvers<void>()
  let interrupted: number | undefined
  const forgetSignals = onEndSignal(io.signals, exitCode => {
    if (interrupted !== undefined) hurry.resolve()
    interrupted ??= exitCode
    ending.abort()
  })
  void out.gone.then(() => ending.abort())

  const held = new Map<string, NodeEvent<'warning:raised'>>()
  const state = new Following(port, warning => {
    if (HELD_BACK.includes(warning.topic)) held.set(warning.topic, warning)
    else void warn(warning)
  })
  const timeoutMs = shot.args.timeout === undefined ? undefined : Number(shot.args.timeout) * 1000
  const context: CommandContext = {
    port: timeoutMs === undefined ? port : withDeadline(port, io.clock, timeoutMs),
    clock: io.clock,
    signal: ending.signal,
    swarm: () => state.swarm,
    selected: () => undefined,
    reply: ({ text, data }) => {
      if (!shot.json) void out.write(text)
      else if (data !== undefined) void out.write(answerLine(data, io.clock))
    },
    quit: () => ending.abort(),
    oneShot: {
      waitForPeerMs: isOffline(shot) ? 0 : (timeoutMs ?? WAIT_FOR_PEER_MS),
      ...shot.asked,
    },
  }
  const failure = await outcome(shot, state, context)
  if (failure !== undefined && !ending.signal.aborted) await tell(failure)
  await stopPort(port, io.clock, hurry.promise)
  state.close()
  forgetSignals()
  return interrupted ?? (failure === undefined || !out.open ? 0 : 1)

  async function tell(why: Failure): Promise<void> {
    const { verb } = shot.command
    const mdns = held.get('mdns')
    if (mdns !== undefined && verb !== 'discover') await warn(mdns)
    await trouble.failed({ verb: safeText(verb), target: targetOf(shot.args), ...why })
  }

  async function warn(warning: NodeEvent<'warning:raised'>): Promise<void> {
    const { topic, cause, hint } = warning
    await trouble.warning({ topic: safeText(topic), cause, hint }, describeEvent(warning).text)
  }
}

/** What is of interest only when the command came to nothing, or is why it did. */
const HELD_BACK = ['mdns', 'identity']

function isOffline({ command }: OneShot): boolean {
  return command.needs?.includes('profile') === true
}

function targetOf({ target }: Args) {
  return target === undefined || Array.isArray(target) ? undefined : safeMessage(target)
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
  const notKept = state.swarm.warnings.get('identity')
  if (isOffline(shot) && notKept !== undefined) return noBook(notKept)
  try {
    await shot.command.run(shot.args, context)
    return undefined
  } catch (error) {
    if (error instanceof RequestFailed) return error.failure
    throw error
  }
}

/** The profile could not be opened: what is asked for would be asked of nobody. */
function noBook({ cause }: { cause: Failure['cause'] }): Failure {
  return {
    stage: 'start',
    cause: say`The address book of the profile cannot be used. ${cause}`,
    hint: say`Where another copy runs on the profile, type the command there, or stop it first`,
  }
}
