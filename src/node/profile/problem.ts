/** The words for what can be wrong with a profile. None of them ever holds a byte of a key. */
import { getSystemErrorMap } from 'node:util'
import { RequestFailed } from '../../core/failure.ts'
import { type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'

/** What can always be done instead. */
export const OTHERWISE = safeText('start with --ephemeral for a new identity, or with another --profile')

/**
 * A failure of the start. It carries no underlying error on purpose: what a parser or the system says of a key file
 * is not ours to vouch for.
 */
export function startFailure(cause: SafeText, hint: SafeText): RequestFailed {
  return new RequestFailed({ stage: 'start', cause, hint })
}

/** A system error in the system's own words ("permission denied"), or its code, or "unknown error". */
export function systemReason(error: unknown): SafeText {
  const { errno, code } = (error ?? {}) as NodeJS.ErrnoException
  const known = typeof errno === 'number' ? getSystemErrorMap().get(errno)?.[1] : undefined
  return safeText(known ?? code ?? 'unknown error')
}

/** The code of a system error (`ENOENT`), if it is one. */
export function systemCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}

/** A path to be shown. */
export function shown(path: string): SafeText {
  return safeMessage(path)
}

/** A path as a word that a POSIX shell reads as one; macOS keeps data below a directory with a blank in its name. */
export function shellWord(path: string): SafeText {
  if (/^[\w@%+=:,./-]+$/.test(path)) return shown(path)
  return safeMessage(`'${path.replaceAll("'", String.raw`'\''`)}'`)
}

/** How to make a path one's own again. */
export function makePrivate(path: string, mode: 600 | 700): SafeText {
  // Mode bits mean nothing on Windows.
  if (process.platform === 'win32') return say`Check that your user may read and write ${shown(path)}`
  return say`Check that it is yours (ls -ld ${shellWord(path)}), then: chmod ${mode} ${shellWord(path)}`
}
