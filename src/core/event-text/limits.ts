import { formatCount, shortPeerId } from '../format.ts'
import { joinSafe, say } from '../safe-text.ts'
import type { Tellers } from './telling.ts'

/** Limits and their use. */
export const limitTellers: Tellers<'limits' | 'limit'> = {
  'limits:set': ({ connections, inbound, perHost, pending }) => [
    'plain',
    say`at most ${formatCount(connections)} connections, ${formatCount(inbound)} of them opened by others, ${formatCount(perHost)} by one host; ${formatCount(pending)} handshakes at once`,
  ],
  'limits:sampled': ({ connections, inbound, pending, dials }) => [
    'dim',
    say`${formatCount(connections)} connections, ${formatCount(inbound)} of them opened by others; ${formatCount(pending)} handshakes, ${formatCount(dials)} dials under way`,
  ],
  'limit:exceeded': ({ action, host, peerId, reason }) => {
    const who = [
      ...(peerId === undefined ? [] : [shortPeerId(peerId)]),
      ...(host === undefined ? [] : [host]),
    ]
    const by = who.length === 0 ? say`` : say` ${joinSafe(who, ' ')}`
    return ['bad', say`${ACTIONS[action]}${by}: ${reason}`]
  },
}

const ACTIONS = { refused: say`refused`, dropped: say`dropped what came from`, closed: say`closed` }
