import { RequestFailed } from '../core/failure.ts'
import type { NodeOptions } from '../node/options.ts'
import { failureLine, failureText, type ModeIo } from './io.ts'
import { LineWriter } from './line-writer.ts'

/**
 * `p2p-tui id`: the profile's Peer ID, without a node.
 *
 * @returns the exit code: 0 done, 1 when the profile cannot be used
 */
export async function showId(
  options: NodeOptions,
  json: boolean,
  { out, err }: Pick<ModeIo, 'out' | 'err'>,
): Promise<number> {
  const { readPeerId } = await import('../node/profile/profile.ts')
  try {
    const peerId = await readPeerId(options)
    const profile = options.ephemeral ? {} : { profile: options.profile }
    await new LineWriter(out).write(json ? JSON.stringify({ type: 'id', peerId, ...profile }) : peerId)
    return 0
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    if (json) await new LineWriter(out).write(failureLine('id', error.failure))
    else await new LineWriter(err).write(`p2p-tui id: ${failureText(error.failure)}`)
    return 1
  }
}
