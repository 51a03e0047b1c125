/** Where a profile is kept. */
import { chmod, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { makeDirectories } from './make-directory.ts'
import { demandOwnPath, isOurs, othersWrite } from './ownership.ts'
import { OTHERWISE, shellWord, shown, startFailure, systemReason } from './problem.ts'
import { userDirectory } from './user-directory.ts'

/** Which profile, and where profiles are. */
export interface ProfileLocation {
  /** The profile's name: ASCII letters, digits, `.`, `_` and `-`, no leading dot, at most 64. */
  profile: string
  /** Where all profiles are kept. @default the user's data directory; an empty string is the default too */
  dataDir?: string
}

const PROFILES = 'profiles'
const NAME = /^(?!\.)[A-Za-z0-9._-]{1,64}(?<!\.)$/
/** Names of devices in every directory of Windows, whatever their ending: a profile must be movable. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Group and others may go into a directory. */
const OTHERS_ENTER = 0o011

/**
 * The directory of a profile. Pure: touches nothing.
 *
 * The data directory is `$XDG_DATA_HOME/p2p-tui` (`~/.local/share/p2p-tui`) on Linux, `~/Library/Application
 * Support/p2p-tui` on macOS and `%LOCALAPPDATA%\p2p-tui\Data` on Windows.
 *
 * @throws {RequestFailed} at stage `start`: the name is not one
 */
export function profileDirectory(location: ProfileLocation): string {
  return join(dataDirectory(location.dataDir), PROFILES, profileName(location.profile))
}

/** The name itself, if it can be one: it becomes part of a path. */
function profileName(name: string): SafeText {
  if (NAME.test(name) && !DEVICE.test(name)) return safeText(name)
  throw startFailure(
    name === ''
      ? safeText('a profile needs a name')
      : say`"${safeText(name, 80)}" cannot be a profile's name`,
    safeText(
      'Use at most 64 of the letters A to Z, digits, ".", "_" and "-", no dot at either end: --profile work',
    ),
  )
}

/**
 * Where all profiles are kept. Touches nothing.
 *
 * @throws {RequestFailed} at stage `start`: there is no home directory to keep them in
 */
export function dataDirectory(chosen: string | undefined): string {
  // An environment variable set to nothing must not mean the working directory.
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  const directory = userDirectory('data')
  if (directory !== undefined) return directory
  throw startFailure(
    safeText('There is no home directory to keep the profile in: HOME is not set, or is no absolute path'),
    say`Set HOME, choose a place with --data-dir, or ${OTHERWISE}`,
  )
}

/**
 * Makes sure that a profile's directory is there, with mode 0700 if it is new, and that nobody else can put another one in
 * its place ({@link demandOwnPath}).
 *
 * @param dataDir the directory above it from which on nobody else may write @default the directory itself
 * @returns the directory's real path: two ways to one directory must not pass for two profiles
 * @throws {RequestFailed} at stage `start`
 */
export async function prepareDirectory(directory: string, dataDir = directory): Promise<string> {
  try {
    // Before anything is made: a link that somebody else has put there leads to a place of their choice.
    await demandOwnPath(directory, dataDir)
    await makeDirectories(directory)
    await demandOwnPath(directory, dataDir)
    return await realpath(directory)
  } catch (error) {
    if (error instanceof RequestFailed) throw error
    throw startFailure(
      say`The profile's directory ${shown(directory)} cannot be used: ${systemReason(error)}`,
      say`Look at ls -ld ${shellWord(directory)}, choose another place with --data-dir, or ${OTHERWISE}`,
    )
  }
}

/**
 * Makes sure that nobody else can change what is in the directory of a profile's datastore. It may be missing.
 *
 * @param path in a directory that {@link prepareDirectory} has prepared
 * @returns its real path; the path itself where nothing is there
 * @throws {RequestFailed} at stage `start`
 */
export async function prepareDatastore(path: string): Promise<string> {
  await closeUnreached(path)
  await demandOwnPath(path, path)
  return await realpath(path).catch(() => path)
}

/**
 * Takes the rights of others from a datastore that none of them could reach: earlier versions had it made with whatever the
 * umask lets in.
 */
async function closeUnreached(path: string): Promise<void> {
  const [found, above] = await Promise.all(
    [path, dirname(path)].map(each => stat(each).catch(() => undefined)),
  )
  if (found === undefined || above === undefined || !isOurs(found) || !othersWrite(found)) return
  if ((above.mode & OTHERS_ENTER) === 0) await chmod(path, 0o700).catch(() => undefined)
}
