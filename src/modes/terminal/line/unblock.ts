import { accessSync, constants, fstatSync, readlinkSync, statSync } from 'node:fs'
import type { WriteStream } from 'node:tty'

/** What Node does not document of a terminal's stream, and may not have: its number and libuv's handle. */
interface Native {
  fd?: number
  _handle?: {
    /** @returns 0, or an error's number where the system cannot */
    setBlocking?(on: boolean): number
  }
}

/**
 * Lets a terminal that does not read take its time: a write to it no longer stops the thread, what it does not take waits
 * in memory. For as long as the process runs; whoever ends it waits for its streams. Where this cannot be had, everything
 * stays as it is.
 */
export function unblock(stream: WriteStream): void {
  const { fd, _handle: handle } = stream as Native
  if (stream.isTTY && fd !== undefined && isReopened(fd)) handle?.setBlocking?.(false)
}

/**
 * Whether libuv has opened the terminal anew for this process alone, as it does when it may. If not (another user's
 * terminal after `su`, one of another namespace), blocking would be switched off for the shell too: it shares the file
 * description, and would stay broken should the process be killed.
 */
function isReopened(fd: number): boolean {
  try {
    const terminal = fstatSync(fd)
    // Elsewhere a file's name cannot be had from its number: a person's terminal is their own.
    if (process.platform !== 'linux') return terminal.uid === process.geteuid?.()
    const path = readlinkSync(`/proc/self/fd/${fd}`)
    accessSync(path, constants.R_OK | constants.W_OK)
    return statSync(path).rdev === terminal.rdev
  } catch {
    return false
  }
}
