/** The identity that a profile keeps. */
import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { say } from '../../core/safe-text.ts'
import { createKeyFile, readKeyFile, removeDrafts } from './key-file.ts'
import { OTHERWISE, shown, startFailure } from './problem.ts'

const KEY_FILE = 'identity.key'

/** A new identity that is kept nowhere. */
export async function ephemeralIdentity(): Promise<Ed25519PrivateKey> {
  return await generateKeyPair('Ed25519')
}

/**
 * The identity kept in a profile's directory; a new one is made and kept if there is none. Of processes that do so at
 * once, all get the same.
 *
 * @throws {RequestFailed} at stage `start`: the file is there but is no key, not private or not readable, or a new
 *   one cannot be written. What is there is never overwritten.
 */
export async function keptIdentity(directory: string): Promise<Ed25519PrivateKey> {
  const path = join(directory, KEY_FILE)
  const key = (await readKeyFile(path)) ?? (await newIdentity(path))
  await removeDrafts(path)
  return key
}

async function newIdentity(path: string): Promise<Ed25519PrivateKey> {
  const failure = await createKeyFile(path, await ephemeralIdentity())
  // Read back, not returned: another process may have been first, and only what is on the disk will last.
  const key = await readKeyFile(path)
  if (key !== undefined) return key
  throw (
    failure ?? startFailure(say`The key file ${shown(path)} has vanished`, say`Try again, or ${OTHERWISE}`)
  )
}
