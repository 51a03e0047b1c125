import { totalmem } from 'node:os'

/** A quarter of the memory is for connections, and each may take so many bytes of it: what it has, and what waits on it. */
const SHARE = 1 / 4
const BYTES_OF_ONE = 256 * 1024

/** The memory that this process may use, in bytes: that of its container, or of the machine. */
export function memoryBytes(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

/** How many connections so much memory is enough for, in bytes. */
export function connectionsFor(memory: number): number {
  return Math.max(16, Math.floor((memory * SHARE) / BYTES_OF_ONE))
}
