import { formatDuration, shortPeerId } from '../format.ts'
import { say } from '../safe-text.ts'
import type { Tellers } from './telling.ts'

/** Names that a person gives, and connections that are to stay. */
export const keepingTellers: Tellers<'name' | 'keep'> = {
  'name:given': ({ peerId, name }) => ['good', say`${shortPeerId(peerId)} is called ${name}`],
  'name:taken': ({ peerId, name }) => ['plain', say`${shortPeerId(peerId)} is no longer called ${name}`],
  'keep:started': ({ peerId }) => ['plain', say`keeping the connection to ${shortPeerId(peerId)}`],
  'keep:tried': ({ peerId, attempt, cause, nextInMs }) => [
    'warn',
    say`no connection to ${shortPeerId(peerId)}, try ${attempt}: ${cause}; again in ${formatDuration(nextInMs)}`,
  ],
  'keep:stopped': ({ peerId, reason }) => [
    'plain',
    say`no longer keeping the connection to ${shortPeerId(peerId)}: ${reason}`,
  ],
}
