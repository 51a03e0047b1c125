import { formatCount } from '../format.ts'
import { say } from '../safe-text.ts'
import type { Tellers } from './telling.ts'

/** Limits and their use. */
export const limitTellers: Tellers<'limits'> = {
  'limits:set': ({ connections, inbound, perHost, pending }) => [
    'plain',
    say`at most ${formatCount(connections)} connections, ${formatCount(inbound)} of them opened by others, ${formatCount(perHost)} by one host; ${formatCount(pending)} handshakes at once`,
  ],
  'limits:sampled': ({ connections, inbound, pending, dials }) => [
    'dim',
    say`${formatCount(connections)} connections, ${formatCount(inbound)} of them opened by others; ${formatCount(pending)} handshakes, ${formatCount(dials)} dials under way`,
  ],
}
