/** A profile: an identity and what the node remembers, for one running copy at a time. */
import { join } from 'node:path'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { LevelDatastore } from 'datastore-level'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { type DatastoreOutcome, openDatastore } from './datastore.ts'
import { type ProfileLocation, prepareDirectory, profileDirectory } from './directory.ts'
import { ephemeralIdentity, keptIdentity } from './identity.ts'
import { shellWord, shown } from './problem.ts'

/** Which profile to open, or none at all. */
export interface ProfileOptions extends ProfileLocation {
  /** A new identity in memory; nothing is read from or written to the disk. */
  ephemeral: boolean
}

/** Something that a person should know about the identity that the node starts with. */
export interface ProfileNotice {
  /** What is the case, and why. */
  cause: SafeText
  /** What to do about it. */
  hint: SafeText
}

/** The identity that a node runs with, and what is kept beside it. */
export interface OpenedProfile {
  /** Never to be shown, logged or sent. */
  privateKey: PrivateKey
  /** The profile's name; absent when the identity is ephemeral, as asked for or not. */
  profile?: SafeText
  /** Open; libp2p neither opens nor closes it. Absent when the identity is ephemeral: libp2p then uses its memory. */
  datastore?: LevelDatastore
  notices: ProfileNotice[]
  /** Frees the profile for other copies. Call it when the node has stopped. Calling it again does nothing more. */
  close(): Promise<void>
}

/**
 * Opens a profile, making it if it is new. When another copy has it, or its datastore (which is its lock) cannot be
 * used, the identity is an ephemeral one, and a notice says so: no two nodes may ever claim one Peer ID.
 *
 * @throws {RequestFailed} at stage `start`: the name is not one, the data directory cannot be used, or the key file
 *   is not a private Ed25519 key
 */
export async function openProfile(options: ProfileOptions): Promise<OpenedProfile> {
  if (options.ephemeral) return await ephemeralProfile([])
  const directory = await prepareDirectory(profileDirectory(options))
  const privateKey = await keptIdentity(directory)
  const path = join(directory, 'datastore')
  const outcome = await openDatastore(path)
  const profile = safeText(options.profile)
  if (outcome.state !== 'open') return await ephemeralProfile([notice(profile, path, outcome)])
  const { datastore, close } = outcome
  return { privateKey, profile, datastore, notices: [], close }
}

/**
 * The Peer ID of a profile, making its identity if there is none. Works while another copy runs on the profile.
 * With `ephemeral`, a Peer ID that nobody will see again.
 *
 * @throws {RequestFailed} as {@link openProfile}
 */
export async function readPeerId(options: ProfileOptions): Promise<SafeText> {
  const key = options.ephemeral
    ? await ephemeralIdentity()
    : await keptIdentity(await prepareDirectory(profileDirectory(options)))
  return safeText(peerIdFromPrivateKey(key).toString())
}

async function ephemeralProfile(notices: ProfileNotice[]): Promise<OpenedProfile> {
  return { privateKey: await ephemeralIdentity(), notices, close: async () => {} }
}

function notice(
  profile: SafeText,
  path: string,
  outcome: Exclude<DatastoreOutcome, { state: 'open' }>,
): ProfileNotice {
  if (outcome.state === 'taken') {
    return {
      cause: say`Another copy is running on the profile "${profile}": going on with an ephemeral identity`,
      hint: safeText('To keep an identity for this copy too, start it with another --profile'),
    }
  }
  return {
    cause: say`The datastore ${shown(path)} cannot be used: ${outcome.reason}; going on with an ephemeral identity`,
    hint: say`The profile's own identity is safe. Check ${shellWord(path)}, or move it away: it only holds known peers' addresses`,
  }
}
