import { type SafeText, safeAddress, say } from '../../core/safe-text.ts'
import type { Command, CommandContext } from '../command.ts'
import { failed } from '../fail.ts'
import { PEER_PLACES } from '../keys.ts'
import { screenOf } from '../screen.ts'
import { addressOf } from '../target.ts'

export const copy: Command = {
  verb: 'copy',
  summary: "puts a peer's multiaddr on the clipboard, or with no target this node's own",
  details: 'Works over SSH: the terminal itself is asked to do it (OSC 52). Not every terminal can.',
  params: [
    { name: 'target', kind: 'target', optional: true, summary: 'a Peer ID, a part of one, or an address' },
  ],
  keys: [
    {
      keys: ['y'],
      where: PEER_PLACES,
      when: 'selected',
      label: 'copy',
      line: 'copy @',
      rank: 30,
    },
  ],
  examples: ['copy @', 'copy'],
  where: 'screen',
  async run(args, context) {
    const screen = screenOf(context)
    const address =
      args.target === undefined ? ownAddress(context) : await addressOf(String(args.target), context)
    // A target that was typed comes back as it was typed.
    screen.copy(safeAddress(address))
    context.reply({ tone: 'good', text: say`sent to the terminal's clipboard: ${address}` })
  },
}

function ownAddress({ swarm }: CommandContext): SafeText {
  const { listening, peerId } = swarm().node
  // One that others can reach, if there is any.
  const best =
    listening.find(address => !/^\/(ip4\/127\.|ip6\/::1\/)/.test(address)) ?? listening[0] ?? peerId
  if (best !== undefined) return best
  throw failed('start', say`The node is still starting`, say`Try again in a moment`)
}
