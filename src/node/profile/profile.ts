/** A profile: an identity and what the node remembers, for one running copy at a time. */
import { join } from 'node:path'
import type { PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { LevelDatastore } from 'datastore-level'
import type { WarningTopic } from '../../core/event-terms.ts'
import { plural } from '../../core/format.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { type DatastoreOutcome, type OpenDatastore, openDatastore } from './datastore.ts'
import {
  dataDirectory,
  type ProfileLocation,
  prepareDatastore,
  prepareDirectory,
  profileDirectory,
} from './directory.ts'
import { ephemeralIdentity, keptIdentity } from './identity.ts'
import { type Kept, keptNowhere, loadKept, type Recovered } from './kept.ts'
import { shellWord, shown } from './problem.ts'

/** Which profile to open, or none at all. */
export interface ProfileOptions extends ProfileLocation {
  /** A new identity in memory; nothing is read from or written to the disk. */
  ephemeral: boolean
}

/** Something that a person should know about the profile that the node starts with. */
export interface ProfileNotice {
  topic: Extract<WarningTopic, 'identity' | 'datastore' | 'plans'>
  /** What is the case, and why. */
  cause: SafeText
  /** What to do about it. */
  hint: SafeText
}

/** The identity that a node runs with, and what is kept beside it. */
export interface OpenedProfile extends Kept {
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

/** What a profile's directory holds beside its key. */
const DATASTORE = 'datastore'
const PLANS = 'plans.json'

/**
 * Opens a profile, making it if it is new. When another copy has it, or its datastore (which is its lock) cannot be
 * used, the identity is an ephemeral one, and a notice says so: no two nodes may ever claim one Peer ID. A datastore
 * that is damaged is mended, and a notice says what is lost.
 *
 * @param now ms since the epoch
 * @throws {RequestFailed} at stage `start`: the name is not one, the data directory cannot be used, others may write in
 *   it, or the key file is not a private Ed25519 key of this user
 */
export async function openProfile(options: ProfileOptions, now = Date.now()): Promise<OpenedProfile> {
  if (options.ephemeral) return await ephemeralProfile([])
  const directory = await preparedDirectory(options)
  const privateKey = await keptIdentity(directory)
  const path = await prepareDatastore(join(directory, DATASTORE))
  const outcome = await openDatastore(path, now)
  const profile = safeText(options.profile)
  if (outcome.state !== 'open') return await ephemeralProfile([notice(profile, path, outcome)])
  try {
    return { privateKey, profile, ...(await readKept(directory, outcome, now)) }
  } catch (error) {
    await outcome.close()
    throw error
  }
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
    : await keptIdentity(await preparedDirectory(options))
  return safeText(peerIdFromPrivateKey(key).toString())
}

async function preparedDirectory(options: ProfileOptions): Promise<string> {
  return await prepareDirectory(profileDirectory(options), dataDirectory(options.dataDir))
}

async function ephemeralProfile(notices: ProfileNotice[]): Promise<OpenedProfile> {
  return { privateKey: await ephemeralIdentity(), ...(await keptNowhere()), notices, close: async () => {} }
}

async function readKept(
  directory: string,
  opened: OpenDatastore,
  now: number,
): Promise<Omit<OpenedProfile, 'privateKey' | 'profile'>> {
  const path = join(directory, PLANS)
  const { kept, problem, recovered } = await loadKept(opened, path, now)
  const lost = lossOf(opened, recovered, path)
  return {
    ...kept,
    datastore: opened.datastore,
    notices: [
      ...(lost === undefined ? [] : [{ topic: 'datastore' as const, ...lost }]),
      ...(problem === undefined ? [] : [{ topic: 'plans' as const, ...problem }]),
    ],
    close: async () => {
      await kept.keeper.close()
      await opened.close()
    },
  }
}

/** What a datastore has lost, as far as anybody can tell. */
function lossOf(
  { mended, isNew, cutOff }: OpenDatastore,
  recovered: Recovered,
  path: string,
): Omit<ProfileNotice, 'topic'> | undefined {
  const plans = shown(path)
  if (mended !== undefined) {
    const { what, peers, aside } = mended
    return {
      cause: say`The datastore was damaged (${what}): ${plural(peers, say`peer`, say`peers`)} could be read, others may be lost${
        recovered === 'from file' ? say`; names and kept peers come from ${plans}` : say``
      }`,
      hint: say`The damaged one is kept as ${shown(aside)}; remove it when you need it no more. Check the disk if this comes again`,
    }
  }
  if (recovered === 'from file') {
    return isNew
      ? {
          cause: say`The datastore is gone, and with it whom this node knew: names and kept peers come from ${plans}`,
          hint: safeText('A new one was made. Other peers are known again as they are met'),
        }
      : {
          cause: say`The datastore has lost what was written last: names and kept peers come from ${plans}`,
          hint: safeText('Other peers are known again as they are met. Check the disk if this comes again'),
        }
  }
  if (!cutOff) return undefined
  return {
    cause: safeText(
      'The last write to the datastore was cut off: what was learned of a peer just then is lost',
    ),
    hint: safeText('A crash or a power cut does that; nothing needs to be done'),
  }
}

function notice(
  profile: SafeText,
  path: string,
  outcome: Exclude<DatastoreOutcome, { state: 'open' }>,
): ProfileNotice {
  if (outcome.state === 'taken') {
    return {
      topic: 'identity',
      cause: say`Another copy is running on the profile "${profile}": going on with an ephemeral identity`,
      hint: safeText('To keep an identity for this copy too, start it with another --profile'),
    }
  }
  return {
    topic: 'identity',
    cause: say`The datastore ${shown(path)} cannot be used: ${outcome.reason}; going on with an ephemeral identity`,
    hint: say`The profile's own identity is safe. Check ${shellWord(path)}, or move it away: names and kept peers are in ${safeText(PLANS)} too`,
  }
}
