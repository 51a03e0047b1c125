import { RequestFailed } from '../../core/failure.ts'
import { formatMs } from '../../core/format.ts'
import { type SafeText, say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { Args, Command, CommandContext } from '../command.ts'
import { failed } from '../fail.ts'
import { NOTHING_SENT, type PingSeries, series, statisticsReply } from '../replies/ping-series.ts'
import { resolveTarget, type Target } from '../target.ts'
import { pause } from '../wait.ts'

const SECOND = 1000

/** Measures RTTs to a peer, dialing it first if need be. Fails with the last loss when no ping was answered. */
export const ping: Command = {
  verb: 'ping',
  summary: 'measures round trips to a peer',
  details:
    'Connects first if need be. Once, unless told how often; started as p2p-tui ping it goes on until interrupted, ' +
    'and then shows what was sent, answered and lost.',
  params: [{ name: 'target', kind: 'target', summary: 'a multiaddr, a Peer ID, or a part of one' }],
  flags: [
    { name: 'count', short: 'c', kind: 'count', summary: 'how many pings' },
    { name: 'interval', short: 'i', kind: 'seconds', summary: 'seconds from one ping to the next (1)' },
    { name: 'keep', summary: 'goes on in the background, once a second', only: 'node' },
    { name: 'stop', summary: 'ends what --keep began', only: 'node' },
  ],
  keys: [
    { keys: ['p'], where: ['any'], when: 'selected', label: 'ping', line: 'ping @', rank: 12 },
    { keys: ['P'], where: ['any'], when: 'pinging', label: 'stop pinging', line: 'ping @ --stop', rank: 20 },
    { keys: ['P'], where: ['any'], when: 'selected', label: 'keep pinging', line: 'ping @ --keep', rank: 20 },
    { keys: ['p'], where: ['any'], label: 'ping…', line: 'ping ', rank: 43 },
  ],
  examples: ['ping @', 'ping 8f3aQd -c 5', 'ping /ip4/192.168.1.2/tcp/4001 -c 3 -i 0.5', 'ping @ --keep'],
  where: 'both',
  answers: ['ping:succeeded', 'ping:failed', 'ping:statistics', 'ping:started', 'ping:stopped'],
  async run(args, context) {
    const target = await resolveTarget(String(args.target), context)
    const peerId = await connect(target, context)
    if (args.stop === true || args.keep === true) return await keep(peerId, args.stop !== true, context)
    await pingOften(peerId, target, args, context)
  },
}

/** Makes sure of a connection, and learns who is there. */
async function connect(target: Target, { port, swarm, signal }: CommandContext): Promise<SafeText> {
  const known = target.peerId === undefined ? undefined : swarm().peers.get(target.peerId)
  if (known?.presence === 'connected') return known.peerId
  return (await port.request('dial', { target: target.dial }, { signal })).peerId
}

async function keep(peerId: SafeText, on: boolean, context: CommandContext): Promise<void> {
  const { running } = await context.port.request('keepPinging', { peerId, on }, { signal: context.signal })
  const peer = shownName(context.swarm(), peerId)
  context.reply({
    tone: running ? 'good' : 'plain',
    text: running
      ? say`pinging ${peer} once a second; ${context.screen === undefined ? say`ping ${peer} --stop` : say`P again`} ends it`
      : say`no longer pinging ${peer}`,
    data: { type: running ? 'ping:started' : 'ping:stopped', peerId },
  })
}

async function pingOften(
  peerId: SafeText,
  target: Target,
  args: Args,
  context: CommandContext,
): Promise<void> {
  const { clock, signal, oneShot } = context
  const count = Number(args.count ?? (oneShot === undefined ? 1 : Number.POSITIVE_INFINITY))
  const intervalMs = Number(args.interval ?? 1) * SECOND
  const startedAt = clock.monotonic()
  let sofar: PingSeries = NOTHING_SENT
  for (let number = 1; number <= count && !signal.aborted; number += 1) {
    const dueAt = startedAt + number * intervalMs
    // After a loss the connection may be gone: a dial finds an open one at once, or makes a new one.
    const aim: Aim = { peerId, target: sofar.lastFailure && target, single: count === 1 }
    sofar = await pingOnce(aim, number, sofar, context)
    if (number < count) await pause(clock, Math.max(0, dueAt - clock.monotonic()), signal)
  }
  if (sofar.sent > 0 && (count > 1 || oneShot !== undefined)) {
    const peer = shownName(context.swarm(), peerId)
    context.reply(statisticsReply({ peerId, peer }, sofar, clock.monotonic() - startedAt))
  }
  if (sofar.answered > 0 || signal.aborted) return
  throw new RequestFailed(
    sofar.lastFailure ?? failed('request', say`Nothing was sent`, say`Try again`).failure,
  )
}

interface Aim {
  peerId: SafeText
  /** Set: to be dialed first. */
  target: Target | undefined
  /** There is no other to tell it from. */
  single: boolean
}

async function pingOnce(
  { peerId, target, single }: Aim,
  number: number,
  before: PingSeries,
  { port, signal, swarm, reply }: CommandContext,
): Promise<PingSeries> {
  const peer = shownName(swarm(), peerId)
  const ping = single ? peer : say`${peer}: ping ${number}`
  try {
    if (target !== undefined) await port.request('dial', { target: target.dial }, { signal })
    const { rttMs, cold } = await port.request('ping', { peerId }, { signal })
    reply({
      tone: 'good',
      text: say`${ping} answered in ${formatMs(rttMs)}${cold ? say` (first on its stream)` : say``}`,
      data: { type: 'ping:succeeded', peerId, number, rttMs, cold },
    })
    return series(before, { rttMs, cold })
  } catch (error) {
    // One that the person cut short is no loss.
    if (signal.aborted || !(error instanceof RequestFailed)) {
      if (signal.aborted) return before
      throw error
    }
    const { failure } = error
    reply({
      tone: 'bad',
      text: say`${ping} ${single ? say`did not answer` : say`lost`}: ${failure.cause}`,
      data: { type: 'ping:failed', peerId, number, ...failure },
    })
    return series(before, failure)
  }
}
