import { parseFilter } from '../../core/filter.ts'
import { PEER_KEYS, peerSubject } from '../../core/filter-subjects.ts'
import type { Command } from '../command.ts'
import { peerReply, peersSum } from '../replies/peers.ts'

/** `p2p-tui peers`: the address book of a profile, without a network. */
export const peersAlone: Command = {
  verb: 'peers',
  summary: 'lists the address book of a profile: peers, their addresses, and what you call them',
  params: [
    { name: 'filter', kind: 'text', optional: true, rest: 'query', summary: 'e.g. name:anna source:mdns' },
  ],
  examples: ['peers', 'peers name:anna', 'peers --profile work'],
  where: 'oneShot',
  needs: ['profile'],
  answers: ['peer', 'peers'],
  async run(args, { swarm, reply }) {
    const { matches } = parseFilter(String(args.filter ?? ''), PEER_KEYS)
    const found = swarm()
      .peers.values()
      .filter(peer => matches(peerSubject(peer)))
    for (const peer of found) reply(peerReply(peer))
    reply(peersSum(found))
  },
}
