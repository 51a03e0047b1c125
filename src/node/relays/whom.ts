import { ADDRESS_LENGTH, type SafeText, safeText } from '../../core/safe-text.ts'
import { parsePeerId } from '../dial/target.ts'

/** The address and the Peer ID in the words that a person named a relay with, for events. */
export function whom(words: string): { address?: SafeText; peerId?: SafeText } {
  const peerId = parsePeerId(words.split('/p2p/').at(-1) ?? '')
  return {
    ...(words.startsWith('/') ? { address: safeText(words, ADDRESS_LENGTH) } : {}),
    ...(peerId === undefined ? {} : { peerId: safeText(peerId.toString()) }),
  }
}
