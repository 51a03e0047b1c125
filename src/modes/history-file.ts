import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { addToHistory, type History, LINE_LENGTH } from '../core/history.ts'
import { type SafeText, safeMessage, safeText } from '../core/safe-text.ts'
import { makeDirectories } from '../node/profile/make-directory.ts'
import { isTrusted, otherUser } from '../node/profile/ownership.ts'

/** No more than this is read, from the file's end: a file of any size costs the same. */
const READ_BYTES = 256 * 1024
/** The history may tell whom a person talks to: nobody else reads it. */
const MODE = 0o600
/** A pipe put in the file's place must not make us wait for its other end. Windows has neither. */
const NO_WAIT = constants.O_NONBLOCK ?? 0

/** The history of earlier runs, and the file that new lines go to. */
export interface HistoryFile {
  /** What was entered in earlier runs, oldest first. */
  readonly history: History
  /** Why there is no history although there is a file. */
  readonly notice?: SafeText
  /**
   * Adds a line to the file; lines land in the order of the calls. Never rejects: resolves with what to tell the
   * person when the line could not be kept.
   */
  append(line: SafeText): Promise<SafeText | undefined>
}

/**
 * The history kept in a file, one line an entry, readable by its owner only. No file yet is an empty history. A file
 * that cannot be read, or holds something else, is an empty history with a notice, and is left alone.
 *
 * The file is only ever added to, one write a line: of two copies that run at once none loses a line of the other's,
 * which rewriting the file could do. What is too old is passed over when reading.
 *
 * @throws nothing
 */
export async function openHistory(path: string): Promise<HistoryFile> {
  try {
    return { history: parse(await readEnd(path)), append: appender(path) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { history: [], append: appender(path) }
    const notice = safeMessage(`No command history: ${reason(error)} (${path})`)
    return { history: [], notice, append: async () => undefined }
  }
}

function appender(path: string): HistoryFile['append'] {
  let last: Promise<unknown> = Promise.resolve()
  return line => {
    const written = last.then(() => append(path, safeText(line, LINE_LENGTH)))
    const outcome = written.then(
      () => undefined,
      error => safeMessage(`The command was not kept in the history: ${reason(error)} (${path})`),
    )
    last = outcome
    return outcome
  }
}

async function append(path: string, line: SafeText): Promise<void> {
  await makeDirectories(dirname(path))
  const { O_APPEND, O_CREAT, O_WRONLY } = constants
  await using file = await open(path, O_WRONLY | O_APPEND | O_CREAT | NO_WAIT, MODE)
  await demandFile(file)
  await file.chmod(MODE)
  await file.write(`${line}\n`)
}

async function readEnd(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | NO_WAIT)
  const size = await demandFile(file)
  if (size === 0) return ''
  const start = Math.max(0, size - READ_BYTES)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
  const text = buffer.toString('utf8', 0, bytesRead)
  // What comes before the first line break is the rest of a line, and may begin inside a character.
  return start === 0 ? text : text.slice(text.indexOf('\n') + 1)
}

/** The file's size in bytes; a directory, a pipe or a device is refused, and what somebody else could have filled. */
async function demandFile(file: FileHandle): Promise<number> {
  const stats = await file.stat()
  if (!stats.isFile()) throw new Error('not a regular file')
  if (!isTrusted(stats)) throw new Error(`it belongs to ${otherUser(stats)}`)
  return stats.size
}

function parse(text: string): History {
  if (text.includes('\0')) throw new Error('the file holds something else')
  return text
    .split('\n')
    .map(line => safeText(line, LINE_LENGTH))
    .reduce<History>((history, line) => addToHistory(history, line), [])
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function reason(error: unknown): SafeText {
  return safeText(codeOf(error) ?? error)
}
