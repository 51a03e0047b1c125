import { say } from '../../core/safe-text.ts'
import { shownName } from '../../store/selectors/shown-name.ts'
import type { Command } from '../command.ts'
import { PEER_PLACES } from '../keys.ts'
import { resolvePeer } from '../target.ts'

/** Keeps the connection to a peer, or no longer. Fails at stage `target` when no peer is meant. */
export const keep: Command = {
  verb: 'keep',
  summary: 'dials a peer again whenever its connection is lost',
  details:
    'A connection that is lost is dialed again after a second, then after waits that double to a minute, for as long as it ' +
    'takes; each failed try is an event. The profile remembers it. hangup, forget and keep --stop end it.',
  params: [{ name: 'target', kind: 'target', summary: 'a Peer ID, a part of one, or a name' }],
  flags: [{ name: 'stop', summary: 'ends it, and leaves the connection as it is' }],
  keys: [
    { keys: ['K'], where: PEER_PLACES, when: 'kept', label: 'keep no more', line: 'keep @ --stop', rank: 28 },
    { keys: ['K'], where: PEER_PLACES, when: 'selected', label: 'keep', line: 'keep @', rank: 28 },
  ],
  examples: ['keep @', 'keep Anna', 'keep Anna --stop'],
  where: 'both',
  needs: ['profile'],
  answers: ['keep'],
  async run(args, context) {
    const peerId = await resolvePeer(String(args.target), context)
    const { port, signal, swarm, reply } = context
    const { kept } = await port.request('keep', { peerId, on: args.stop !== true }, { signal })
    const peer = shownName(swarm(), peerId)
    reply({
      tone: kept ? 'good' : 'plain',
      text: kept
        ? say`keeping the connection to ${peer}; hangup ends it`
        : say`no longer keeping the connection to ${peer}`,
      data: { type: 'keep', peerId, kept },
    })
  },
}
