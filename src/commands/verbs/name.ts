import { shortPeerId } from '../../core/format.ts'
import { say } from '../../core/safe-text.ts'
import type { Command } from '../command.ts'
import { PEER_PLACES } from '../keys.ts'
import { resolvePeer } from '../target.ts'

/** What stands between a pair of quotes, if that is all of it. */
const QUOTED = /^(["'])(.*)\1$/

/** Gives a peer a pet name, or takes it away. Fails at stage `target`: no such peer, no such name, or it is taken. */
export const name: Command = {
  verb: 'name',
  summary: 'calls a peer by a name of your choice, or no longer',
  details:
    'The name is kept in the profile, shown in place of the Peer ID, and can be used wherever a peer is wanted: in quotes ' +
    'if it has blanks. A name comes before a part of a Peer ID that reads the same. Only you see it. Without a name the ' +
    'peer loses the one that it has.',
  params: [
    { name: 'target', kind: 'target', summary: 'a Peer ID or a part of one, or its present name' },
    { name: 'name', kind: 'text', optional: true, rest: true, summary: '1 to 32 characters' },
  ],
  keys: [{ keys: ['n'], where: PEER_PLACES, when: 'selected', label: 'name…', line: 'name @ ', rank: 32 }],
  examples: ['name @ Anna', 'name 8f3aQd the old laptop', 'name Anna'],
  where: 'both',
  needs: ['profile'],
  answers: ['name'],
  async run(args, context) {
    const peerId = await resolvePeer(String(args.target), context)
    const words = String(args.name ?? '').replace(QUOTED, '$2')
    const { port, signal, reply } = context
    const result = await port.request('name', { peerId, name: words }, { signal })
    const peer = shortPeerId(peerId)
    const gone =
      result.before === undefined
        ? say`${peer} has no name`
        : say`${peer} is no longer called ${result.before}`
    reply({
      tone: result.name === undefined ? 'plain' : 'good',
      text: result.name === undefined ? gone : say`${peer} is called ${result.name}`,
      data: { type: 'name', ...result },
    })
    // They are part of the data above.
    for (const warning of result.warnings) reply({ tone: 'warn', text: warning })
  },
}
