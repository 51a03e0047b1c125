/** Where a user's files are kept on this system. It imports nothing else of ours: the program's first module uses it too. */
import { homedir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'

const APP = 'p2p-tui'

/** The environment variable of the XDG specification, and the places below the home directory or Windows' own. */
const PLACES = {
  data: {
    variable: 'XDG_DATA_HOME',
    linux: '.local/share',
    mac: 'Library/Application Support',
    windows: 'Data',
  },
  cache: { variable: 'XDG_CACHE_HOME', linux: '.cache', mac: 'Library/Caches', windows: 'Cache' },
} as const

/**
 * This program's directory for data, or for what can be made again: `~/.local/share/p2p-tui` on Linux, `~/Library/Application
 * Support/p2p-tui` on macOS, `%LOCALAPPDATA%\p2p-tui\Data` on Windows. Touches nothing.
 *
 * @returns an absolute path; undefined where nobody says where the home directory is
 * @see https://specifications.freedesktop.org/basedir-spec/latest/ which has relative paths in its variables ignored
 */
export function userDirectory(kind: keyof typeof PLACES): string | undefined {
  const { variable, linux, mac, windows } = PLACES[kind]
  const { platform, env } = process
  const home = homeDirectory()
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA || (home && join(home, 'AppData', 'Local'))
    return local && join(local, APP, windows)
  }
  if (platform === 'darwin') return home && join(home, mac, APP)
  const chosen = env[variable] ?? ''
  if (isAbsolute(chosen)) return join(chosen, APP)
  return home && join(home, linux, APP)
}

/** `$HOME` if that can be one, else what the system has of this user. */
function homeDirectory(): string | undefined {
  for (const find of [homedir, () => userInfo().homedir]) {
    try {
      const home = find()
      if (isAbsolute(home)) return home
    } catch {
      // The system knows no such user, as in many containers.
    }
  }
  return undefined
}
