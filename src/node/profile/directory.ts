/** Where a profile is kept. */
import { realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { makeDirectories } from './make-directory.ts'
import { makePrivate, OTHERWISE, shellWord, shown, startFailure, systemReason } from './problem.ts'

/** Which profile, and where profiles are. */
export interface ProfileLocation {
  /** The profile's name: ASCII letters, digits, `.`, `_` and `-`, no leading dot, at most 64. */
  profile: string
  /** Where all profiles are kept. @default the user's data directory; an empty string is the default too */
  dataDir?: string
}

const APP = 'p2p-tui'
const NAME = /^(?!\.)[A-Za-z0-9._-]{1,64}(?<!\.)$/
/** Names of devices in every directory of Windows, whatever their ending: a profile must be movable. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * The directory of a profile. Pure: touches nothing.
 *
 * The data directory is `$XDG_DATA_HOME/p2p-tui` (`~/.local/share/p2p-tui`) on Linux, `~/Library/Application
 * Support/p2p-tui` on macOS and `%LOCALAPPDATA%\p2p-tui\Data` on Windows.
 *
 * @throws {RequestFailed} at stage `start`: the name is not one
 */
export function profileDirectory(location: ProfileLocation): string {
  return join(dataDirectory(location.dataDir), 'profiles', profileName(location.profile))
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

function dataDirectory(chosen: string | undefined): string {
  // An environment variable set to nothing must not mean the working directory.
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  const { data } = envPaths(APP, { suffix: '' })
  // The XDG specification has a relative $XDG_DATA_HOME ignored: https://specifications.freedesktop.org/basedir/
  return isAbsolute(data) ? data : join(homedir(), '.local', 'share', APP)
}

/**
 * Makes sure that a profile's directory is there, with mode 0700 if it is new, and that nobody else may write in it.
 *
 * @returns the directory's real path: two ways to one directory must not pass for two profiles
 * @throws {RequestFailed} at stage `start`
 */
export async function prepareDirectory(directory: string): Promise<string> {
  const mode = await makeDirectory(directory)
  // Whoever may write here may put another key in place of ours. Mode bits mean nothing on Windows.
  if (process.platform !== 'win32' && (mode & 0o022) !== 0) {
    throw startFailure(
      say`Other users may write in the profile's directory ${shown(directory)}`,
      say`${makePrivate(directory, 700)} or ${OTHERWISE}`,
    )
  }
  return await realpath(directory)
}

async function makeDirectory(directory: string): Promise<number> {
  try {
    await makeDirectories(directory)
    return (await stat(directory)).mode
  } catch (error) {
    throw startFailure(
      say`The profile's directory ${shown(directory)} cannot be used: ${systemReason(error)}`,
      say`Look at ls -ld ${shellWord(directory)}, choose another place with --data-dir, or ${OTHERWISE}`,
    )
  }
}
