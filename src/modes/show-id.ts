import type { Clock } from '../core/clock.ts'
import { RequestFailed } from '../core/failure.ts'
import { safeText, say } from '../core/safe-text.ts'
import type { NodeOptions } from '../node/options.ts'
import { answerLine } from './answer-line.ts'
import type { ModeIo } from './io.ts'
import { LineWriter } from './line-writer.ts'
import { Trouble } from './trouble.ts'

/**
 * `p2p-tui id`: the profile's Peer ID, without a node.
 *
 * @returns the exit code: 0 done, 1 when the profile cannot be used
 */
export async function showId(
  options: NodeOptions,
  json: boolean,
  { out, err, clock }: Pick<ModeIo, 'out' | 'err'> & { clock: Clock },
): Promise<number> {
  const { readPeerId } = await import('../node/profile/profile.ts')
  try {
    const peerId = await readPeerId(options)
    const profile = options.ephemeral ? undefined : safeText(options.profile)
    await new LineWriter(out).write(json ? answerLine({ type: 'id', peerId, profile }, clock) : peerId)
    return 0
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error
    await new Trouble(err, clock, json).failed({ verb: say`id`, ...error.failure })
    return 1
  }
}
