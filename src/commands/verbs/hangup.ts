import { plural } from '../../core/format.ts'
import { say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { Command } from '../command.ts'
import { PEER_PLACES } from '../keys.ts'
import { resolvePeer } from '../target.ts'

/** Closes every connection to a peer. Fails at stage `target` for an address without a Peer ID. */
export const hangup: Command = {
  verb: 'hangup',
  aliases: ['disconnect'],
  summary: 'closes all connections to a peer, and keeps none any more',
  params: [{ name: 'target', kind: 'target', summary: 'a Peer ID or a part of one' }],
  keys: [
    {
      keys: ['x'],
      where: PEER_PLACES,
      when: 'connected',
      label: 'hang up',
      line: 'hangup @',
      rank: 18,
      dangerous: true,
    },
  ],
  examples: ['hangup @', 'hangup 8f3aQd'],
  where: 'node',
  answers: ['hangup'],
  async run(args, context) {
    const peerId = await resolvePeer(String(args.target), context)
    const { closed } = await context.port.request('hangUp', { peerId }, { signal: context.signal })
    const peer = shownName(context.swarm(), peerId)
    context.reply({
      tone: 'plain',
      text:
        closed === 0
          ? say`no longer keeping the connection to ${peer}`
          : say`hung up on ${peer}: ${plural(closed, say`connection`, say`connections`)} closed`,
      data: { type: 'hangup', peerId, closed },
    })
  },
}
