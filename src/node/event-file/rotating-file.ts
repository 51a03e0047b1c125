/** A file that is appended to, private to its owner, and bounded: what is full makes way for a new one. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readlink, realpath, rename, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import { isTrustedHere, MOST_LINKS, type Owned, otherUser } from '../profile/ownership.ts'

/** How large a file grows, in bytes, and how many there are: the one that is written, and `.1` (newest) to `.4`. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024
export const MAX_FILES = 5

/** Events name peers and addresses: nobody else reads them. */
const MODE = 0o600
/**
 * A pipe put in the file's place must not make us wait for its other end, and a link put there must not lead us to another
 * file. Windows has none of these.
 */
const APPEND =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOCTTY ?? 0)
/** How often it is looked whether the file is still where it was, in ms. */
const LOOK_EVERY_MS = 1_000
const LINE_BREAK = 0x0a

/** Where to write, and how much. */
export interface RotatingFileOptions {
  path: string
  clock: Pick<Clock, 'monotonic'>
  /** @default {@link MAX_FILE_BYTES} */
  maxBytes?: number
  /** @default {@link MAX_FILES} */
  files?: number
}

/** An open file, and the names of those before it. Its methods are not to be called while one of them runs. */
export class RotatingFile {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #maxBytes: number
  readonly #files: number
  #path: string
  #file: FileHandle | undefined
  /** What is in the file, in bytes; 0 where it has no size, as a device has not. */
  #size = 0
  #regular = false
  #identity = ''
  #lookedAt = 0
  /** Whether the last write ended within a line. */
  #midLine = false

  constructor({ path, clock, maxBytes = MAX_FILE_BYTES, files = MAX_FILES }: RotatingFileOptions) {
    this.#path = path
    this.#clock = clock
    this.#maxBytes = maxBytes
    this.#files = files
  }

  /**
   * Opens the file, makes it if there is none, and sees to it that what is appended begins on a line of its own.
   *
   * @throws what the system says, that it is no file to append to, or that it or a link to it is somebody else's: in a
   * directory that others may write in anybody can have put it there
   */
  async open(): Promise<void> {
    const file = await open(await linkedTo(this.#path), APPEND, MODE).catch(error => {
      // So the system says that a pipe has no reader, and that a socket cannot be opened.
      throw error.code === 'ENXIO' ? new Error('it is not a file') : error
    })
    try {
      const found = await file.stat()
      if (!found.isFile() && !found.isCharacterDevice()) throw new Error('it is not a file')
      this.#regular = found.isFile()
      if (this.#regular) await demandOwn(found, 'it')
      this.#identity = identityOf(found)
      this.#size = this.#regular ? found.size : 0
      // Where a link leads to, its older ones stay together.
      if (this.#regular) this.#path = await realpath(this.#path)
      this.#lookedAt = this.#clock.monotonic()
      if (this.#size > 0 && !(await endsInLineBreak(this.#path, this.#size))) {
        await file.write('\n')
        this.#size += 1
      }
      this.#file = file
    } catch (error) {
      await file.close().catch(() => {})
      throw error
    }
  }

  /**
   * Appends whole lines: in one write, or as many as it takes files. Where the old file is not there any more there is
   * a new one.
   *
   * @param moved called when the file was moved or deleted by somebody else
   * @returns how many bytes were written: all of them, unless `error` says why not
   */
  async append(lines: Buffer, moved: () => void): Promise<{ written: number; error?: unknown }> {
    let written = 0
    try {
      while (written < lines.length) {
        const before = this.#file
        await this.#prepare(moved)
        // The rest of a line whose beginning is in another file makes no sense in this one.
        if (this.#midLine && this.#file !== before) written = lines.indexOf(LINE_BREAK, written) + 1
        const part = lines.subarray(written, written + this.#fitting(lines.subarray(written)))
        if (part.length === 0) await this.#rotate()
        else written += await this.#writeOnce(part)
      }
      return { written }
    } catch (error) {
      return { written, error }
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  /** Sees to it that there is an open file of that name. */
  async #prepare(moved: () => void): Promise<void> {
    const look = this.#regular && this.#clock.monotonic() - this.#lookedAt >= LOOK_EVERY_MS
    if (this.#file !== undefined && look && !(await this.#isThere())) {
      await this.close()
      moved()
    }
    if (this.#file === undefined) await this.open()
  }

  /** How many bytes of some lines the file has room for: whole lines, and one at least in an empty file. */
  #fitting(lines: Buffer): number {
    const room = this.#maxBytes - this.#size
    if (!this.#regular || this.#midLine || lines.length <= room) return lines.length
    const whole = room > 0 ? lines.lastIndexOf(LINE_BREAK, room - 1) + 1 : 0
    return whole > 0 || this.#size > 0 ? whole : lines.indexOf(LINE_BREAK) + 1
  }

  async #writeOnce(part: Buffer): Promise<number> {
    const { bytesWritten = 0 } = (await this.#file?.write(part)) ?? {}
    if (bytesWritten === 0) throw new Error('it takes nothing')
    this.#midLine = part[bytesWritten - 1] !== LINE_BREAK
    if (this.#regular) this.#size += bytesWritten
    return bytesWritten
  }

  /** Whether the open file is the one of that name. Somebody may have cut it shorter meanwhile. */
  async #isThere(): Promise<boolean> {
    this.#lookedAt = this.#clock.monotonic()
    const found = await stat(this.#path).catch(error => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (found !== undefined) this.#size = found.size
    return found !== undefined && identityOf(found) === this.#identity
  }

  /** `log` becomes `log.1`, `log.1` becomes `log.2`; the last one goes. */
  async #rotate(): Promise<void> {
    // Another process may have done so.
    if (!(await this.#isThere())) return await this.close()
    for (let age = this.#files - 1; age > 0; age -= 1) {
      const younger = age === 1 ? this.#path : `${this.#path}.${age - 1}`
      await rename(younger, `${this.#path}.${age}`).catch(error => {
        if (error.code !== 'ENOENT') throw error
      })
    }
    await this.close()
  }
}

function identityOf({ dev, ino }: { dev: number; ino: number }): string {
  return `${dev}:${ino}`
}

/** Where the links at a path lead to, which may be missing. @throws if one of them is somebody else's */
async function linkedTo(path: string): Promise<string> {
  let here = path
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const found = await lstat(here).catch(error => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (found?.isSymbolicLink() !== true) return here
    await demandOwn(found, here === path ? 'the link there' : `the link ${here}`)
    here = resolve(dirname(here), await readlink(here))
  }
  throw new Error('there are too many links')
}

async function demandOwn(found: Owned, what: string): Promise<void> {
  if (await isTrustedHere(found)) return
  throw new Error(`${what} belongs to ${otherUser(found)}; choose another file`)
}

async function endsInLineBreak(path: string, size: number): Promise<boolean> {
  // The file is open for writing alone. One that may be written and not read is taken as it is.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined)
  try {
    const { buffer, bytesRead } = (await file?.read(Buffer.alloc(1), 0, 1, size - 1)) ?? {}
    return bytesRead !== 1 || buffer?.[0] === LINE_BREAK
  } finally {
    await file?.close()
  }
}
