import { say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { Command } from '../command.ts'
import { PEER_PLACES } from '../keys.ts'
import { resolvePeer } from '../target.ts'

/** Takes a peer out of the address book. Fails at stage `target`: nothing is known of it, or it is connected. */
export const forget: Command = {
  verb: 'forget',
  summary: 'takes a peer out of the address book, with its name and all that is known of it',
  details:
    'Not while it is connected. A peer that is still there is known again as soon as it is heard, without its name.',
  params: [{ name: 'target', kind: 'target', summary: 'a Peer ID, a part of one, or a name' }],
  keys: [
    {
      keys: ['F'],
      where: PEER_PLACES,
      when: 'disconnected',
      label: 'forget…',
      line: 'forget @',
      asks: 'forgets',
      rank: 34,
      dangerous: true,
    },
  ],
  examples: ['forget @', 'forget 8f3aQd'],
  where: 'both',
  needs: ['profile'],
  answers: ['forget'],
  async run(args, context) {
    const found = await resolvePeer(String(args.target), context)
    const { port, signal, swarm, reply } = context
    const peer = shownName(swarm(), found)
    const { peerId } = await port.request('forget', { peerId: found }, { signal })
    reply({ tone: 'plain', text: say`${peer} is forgotten`, data: { type: 'forget', peerId } })
  },
}
