/** What the verbs of the DHT have in common: asking, and saying what came of it. */
import type { Query } from '../core/event-terms.ts'
import { formatMs, plural } from '../core/format.ts'
import type { Result } from '../core/requests.ts'
import { type SafeText, say } from '../core/safe-text.ts'
import { shownName } from '../store/selectors/shown-name.ts'
import { connectFirst } from './alone/connect-first.ts'
import type { CommandContext } from './command.ts'

/** Asks the DHT, until it has answered or the person cancels. @throws {RequestFailed} when nothing was found */
export async function ask(
  query: Query,
  { subject, value = '' }: { subject: string; value?: string },
  context: CommandContext,
): Promise<Result<'query'>> {
  await connectFirst(context)
  return await context.port.request('query', { query, subject, value }, { signal: context.signal })
}

/** One line a peer, with an address that can be dialed and copied, and one about the query. */
export function replyPeers(query: Query, result: Result<'query'>, context: CommandContext): void {
  for (const { peerId, addresses } of result.peers) {
    const [address] = addresses
    // A script takes the address as it is; a screen has the Peer ID in its list.
    const name = context.oneShot === undefined ? shownName(context.swarm(), peerId) : peerId
    const onItsOwn = context.oneShot !== undefined && address !== undefined
    context.reply({
      tone: 'good',
      text: onItsOwn ? address : say`${name}${address === undefined ? say`` : say` at ${address}`}`,
      data: { type: 'query:found', query, peerId, addresses },
    })
  }
  replyDone(query, say`found ${foundText(result, context)}`, result, context)
}

/** How many; on the screen, where one line stands for all, a single one with its address. */
function foundText({ peers }: Result<'query'>, { screen, swarm }: CommandContext): SafeText {
  const [only] = peers
  if (screen === undefined || only === undefined || peers.length > 1) return count(peers.length)
  const [address] = only.addresses
  return say`${shownName(swarm(), only.peerId)}${address === undefined ? say`` : say` at ${address}`}`
}

/** That something was left with some peers. */
export function replyStored(query: Query, result: Result<'query'>, context: CommandContext): void {
  replyDone(query, say`${result.subject} is with ${count(result.peers.length)}`, result, context)
}

function replyDone(query: Query, what: SafeText, result: Result<'query'>, { reply }: CommandContext): void {
  const { subject, peers, asked, answered, durationMs } = result
  reply({
    tone: 'good',
    text: howLong(what, result),
    data: { type: 'query:ended', query, subject, found: peers.length, asked, answered, durationMs },
  })
}

/** What came of it, whom that took, and how long. */
export function howLong(what: SafeText, { asked, answered, durationMs }: Result<'query'>): SafeText {
  return say`${what}: ${asked} asked, ${answered} answered, ${formatMs(durationMs)}`
}

function count(peers: number): SafeText {
  return plural(peers, say`peer`, say`peers`)
}
