import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { type SafeText, safeText } from '../../src/core/safe-text.ts'

/** New Peer IDs, as events have them. */
export async function peerIds(count: number): Promise<SafeText[]> {
  const keys = await Promise.all(Array.from({ length: count }, () => generateKeyPair('Ed25519')))
  return keys.map(key => safeText(peerIdFromPrivateKey(key).toString()))
}
