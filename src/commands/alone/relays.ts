import { type Failure, RequestFailed } from '../../core/failure.ts'
import { safeMessage, say } from '../../core/safe-text.ts'
import type { Command, CommandContext } from '../command.ts'
import { timeoutFlag } from '../flags.ts'
import { reachReplies, verdictReply } from '../replies/reach.ts'
import { connectAll, failIfAny } from './connect.ts'
import { foundOut, notFoundOut } from './found-out.ts'
import { identified } from './identified.ts'
import { wordsOf } from './words-of.ts'

/** How long all of it may take if nobody says. */
const SECONDS = 30

/** `p2p-tui relays`: tries the ways to be reached that were asked for. Fails when one of them does not work. */
export const relaysAlone: Command = {
  verb: 'relays',
  aliases: ['reachability'],
  summary: 'tries relays and other ways to be reached, and shows what comes of it',
  details:
    'Reserves at each --relay, has the router forward ports (--upnp), and connects to the targets and to --bootstrap: they ' +
    'tell where they see this node, and with --autonat whether they can dial it. Then shows reservations, own addresses, ' +
    'and whether others can reach it. All of it ends with the command.',
  params: [
    {
      name: 'target',
      kind: 'target',
      optional: true,
      many: true,
      summary: 'peers that tell where they see us',
    },
  ],
  flags: [timeoutFlag(SECONDS)],
  examples: [
    'relays --relay /ip4/192.168.1.2/tcp/4001',
    'reachability /ip4/192.168.1.2/tcp/4001 --autonat --upnp',
  ],
  where: 'oneShot',
  needs: ['somebody', 'listening'],
  answers: ['dial:failed', 'reserve:failed', 'address', 'reservation', 'circuit', 'reachability'],
  async run(args, context) {
    const { bootstrap = [], relays = [], autonat = false, upnp = false } = context.oneShot ?? {}
    const targets = [...wordsOf(args.target), ...bootstrap]
    const [{ peers, failures }, refusals] = await Promise.all([
      connectAll(targets, context),
      reserveAtAll(relays, context),
    ])
    await identified(peers, context)
    const swarm = await foundOut(Number(args.timeout ?? SECONDS) * 1000, context)
    if (context.signal.aborted) return
    for (const reply of reachReplies(swarm)) context.reply(reply)
    context.reply(verdictReply(swarm))
    const problems = [...refusals, ...failures, ...notFoundOut(swarm, context)]
    failIfAny(problems, targets.length + relays.length + Number(autonat) + Number(upnp))
  },
}

/** Reserves at each, all at the same time; why some did not grant it. */
async function reserveAtAll(relays: readonly string[], context: CommandContext): Promise<Failure[]> {
  const tries = relays.map(async relay => {
    try {
      await context.port.request('reserve', { relay }, { signal: context.signal })
      return []
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error
      const { failure } = error
      const name = safeMessage(relay)
      context.reply({
        tone: 'bad',
        text: say`no reservation at ${name}: ${failure.cause}`,
        data: { type: 'reserve:failed', relay: name, ...failure },
      })
      return [failure]
    }
  })
  return (await Promise.all(tries)).flat()
}
