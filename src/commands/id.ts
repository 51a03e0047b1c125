import { say } from '../core/safe-text.ts'
import type { Command } from './command.ts'

export const id: Command = {
  verb: 'id',
  summary: 'shows who this node is',
  details: 'Started as p2p-tui id it reads the profile and starts no node.',
  params: [],
  examples: ['id'],
  where: 'both',
  async run(_, { swarm, reply }) {
    const { peerId, profile, agentVersion, listening } = swarm().node
    const identity = profile === undefined ? say`ephemeral identity` : say`profile ${profile}`
    reply({
      tone: 'plain',
      text:
        peerId === undefined ? say`the node is still starting` : say`this node is ${peerId} (${identity})`,
      data: { type: 'id', peerId, profile, agentVersion, addresses: listening },
    })
  },
}
