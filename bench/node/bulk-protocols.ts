import type { Stream } from '@libp2p/interface'

/** Takes any number of bytes. */
export const TAKE = '/p2p-tui/bench/take/1'
/** Gives {@link BULK_MB}, and closes. */
export const GIVE = '/p2p-tui/bench/give/1'
/** What passes each way, in MiB. */
export const BULK_MB = 200

const CHUNK = new Uint8Array(64 * 1024)
/** A stream that has room again does not always say so. */
const LOOK_AGAIN_MS = 5

/** Sends so many MiB, and closes. No more waits than one chunk. */
export async function sendBulk(stream: Stream, megabytes: number): Promise<void> {
  for (let left = megabytes * 2 ** 20; left > 0; left -= CHUNK.length) {
    stream.send(CHUNK)
    while (stream.writeBufferLength > 0) await room(stream)
  }
  await stream.close()
}

function room(stream: Stream): Promise<void> {
  return new Promise(resolve => {
    const late = setTimeout(resolve, LOOK_AGAIN_MS)
    const drained = () => {
      clearTimeout(late)
      setImmediate(resolve)
    }
    stream.addEventListener('drain', drained, { once: true })
  })
}
