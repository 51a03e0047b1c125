/** Whether what a one-shot command needs was given: said before a node is started for it. */
import { wordsOf } from '../commands/alone/words-of.ts'
import type { Args, Command } from '../commands/command.ts'
import { QUERIES, type Query } from '../core/event-terms.ts'
import { safeText, say } from '../core/safe-text.ts'
import { hearsOfServers } from './one-shot-node.ts'
import { checkMultiaddrs } from './options/check-multiaddrs.ts'
import type { Settings } from './options/settings.ts'
import { UsageProblem } from './options/usage-problem.ts'

/** A command and the values of its parameters. */
interface Asked {
  command: Command
  args: Args
}

/**
 * Checks what was given for a one-shot command.
 *
 * @throws {UsageProblem} naming what is missing or wrong, and what to write
 */
export async function checkVerb(asked: Asked, settings: Settings): Promise<void> {
  await checkAddresses(asked)
  if (settings.demo) return
  const { needs = [] } = asked.command
  if (needs.includes('hearing')) checkHearing(asked, settings)
  if (needs.includes('profile')) checkProfile(asked, settings)
  if (needs.includes('dht')) await checkDht(asked, settings)
  if (needs.includes('somebody')) checkSomebody(asked, settings)
}

async function checkAddresses({ command, args }: Asked): Promise<void> {
  const words = wordsOf(args.target)
  await checkMultiaddrs(
    command.verb,
    words.filter(word => word.startsWith('/')),
  )
}

function checkHearing({ command }: Asked, { node }: Settings): void {
  if (node.mdns) return
  throw new UsageProblem(
    say`${safeText(command.verb)} listens on the local network: it does nothing with --no-mdns`,
  )
}

function checkProfile({ command }: Asked, { node }: Settings): void {
  if (!node.ephemeral) return
  throw new UsageProblem(
    say`${safeText(command.verb)} is about the address book of a profile: there is none with --ephemeral`,
    say`Leave --ephemeral out, or choose a --profile`,
  )
}

async function checkDht({ command, args }: Asked, { node, chosen }: Settings): Promise<void> {
  const verb = safeText(command.verb)
  if (node.dht === undefined) {
    throw new UsageProblem(
      say`${verb} asks a DHT, and none was named`,
      say`Name it: --dht lan, --dht /your/protocol with --bootstrap <multiaddr>, or --public for the one of IPFS`,
    )
  }
  const query = QUERIES.find((name): name is Query => name === command.verb)
  if (query !== undefined) {
    const subject = String(command.params[0] === undefined ? '' : args[command.params[0].name])
    const { queryProblem } = await import('../node/check-query.ts')
    const problem = queryProblem({ query, subject, value: String(args.value ?? '') }, node.dht)
    if (problem !== undefined) throw new UsageProblem(problem.cause, problem.hint)
  }
  if (node.bootstrap.length > 0 || chosen.profile || hearsOfServers(node)) return
  throw new UsageProblem(
    say`${verb} needs somebody of the DHT to ask`,
    say`Name one: --bootstrap <multiaddr>; --public has those of IPFS`,
  )
}

function checkSomebody({ command, args }: Asked, { node, chosen }: Settings): void {
  const { bootstrap, relays = [], upnp = false } = node
  const asked = wordsOf(args.target).length > 0 || bootstrap.length > 0 || relays.length > 0
  const askedRouter = upnp && command.needs?.includes('listening') === true
  // Kept peers of a profile are connected to, and where it listens others may come while it waits.
  if (asked || askedRouter || chosen.profile || (chosen.listen && args.wait !== undefined)) return
  throw new UsageProblem(
    say`${safeText(command.verb)} needs somebody to connect to`,
    say`Give a multiaddr or a Peer ID, --bootstrap <multiaddr> or --relay <multiaddr>`,
  )
}
