import { setTimeout as passed, setImmediate as turn } from 'node:timers/promises'
import type { RawPeer } from '../../../support/peers/raw-peer.ts'

/** When an attack that begins now is to end. */
export function endOf(forMs: number): { over(): boolean; wait(): Promise<void> } {
  const end = performance.now() + forMs
  return {
    over: () => performance.now() >= end,
    wait: () => passed(Math.max(0, end - performance.now())),
  }
}

/** Sends the same bytes again and again, as fast as they are taken, until the time is over or the connection is. */
export async function pour(peer: RawPeer, bytes: Uint8Array, over: () => boolean): Promise<void> {
  while (!over() && !peer.socket.destroyed) {
    peer.send(bytes)
    // A socket that takes nothing settles this never: the time goes on.
    await Promise.race([peer.room(), passed(100)])
    // The end of the connection has to be seen.
    await turn()
    if (peer.socket.writableLength > MOST_WAITING) await passed(10)
  }
}

/** Of what does not fit into a socket, so much waits in this process. */
const MOST_WAITING = 4 * 2 ** 20

/** Settles when everybody has been dialed who could be; those who could not are left out. */
export async function allOf<T>(dials: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(dials)
  return settled.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
}

/** What some peers have sent, in bytes on the wire. */
export function sent(peers: readonly RawPeer[]): number {
  return peers.reduce((sum, { socket }) => sum + socket.bytesWritten - socket.writableLength, 0)
}
