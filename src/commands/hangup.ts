import { plural, shortPeerId } from '../core/format.ts'
import { say } from '../core/safe-text.ts'
import type { Command } from './command.ts'
import { failed } from './fail.ts'
import { PEER_PLACES } from './keys.ts'
import { resolveTarget } from './target.ts'

/** Closes every connection to a peer. Fails at stage `target` for an address without a Peer ID. */
export const hangup: Command = {
  verb: 'hangup',
  aliases: ['disconnect'],
  summary: 'closes all connections to a peer',
  params: [{ name: 'target', kind: 'target', summary: 'a Peer ID or a part of one' }],
  keys: [
    {
      keys: ['x'],
      where: PEER_PLACES,
      when: 'connected',
      label: 'hang up',
      line: 'hangup @',
      rank: 25,
      dangerous: true,
    },
  ],
  examples: ['hangup @', 'hangup 8f3aQd'],
  where: 'node',
  async run(args, context) {
    const { peerId } = await resolveTarget(String(args.target), context)
    if (peerId === undefined) {
      throw failed(
        'target',
        say`That address does not say which peer is meant`,
        say`Give a Peer ID, or an address with /p2p/ at its end`,
      )
    }
    const { closed } = await context.port.request('hangUp', { peerId }, { signal: context.signal })
    context.reply({
      tone: 'plain',
      text: say`hung up on ${shortPeerId(peerId)}: ${plural(closed, say`connection`, say`connections`)} closed`,
      data: { type: 'hangup', peerId, closed },
    })
  },
}
