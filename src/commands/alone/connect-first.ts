import type { RequestFailed } from '../../core/failure.ts'
import { say } from '../../core/safe-text.ts'
import type { CommandContext } from '../command.ts'
import { failed } from '../fail.ts'

/**
 * Connects to one of the peers that the program was given to begin with; does nothing where none was given.
 *
 * @throws {RequestFailed} when none answers
 */
export async function connectFirst({ port, signal, oneShot }: CommandContext): Promise<void> {
  const { bootstrap = [] } = oneShot ?? {}
  if (bootstrap.length === 0) return
  const dials = bootstrap.map(target => port.request('dial', { target }, { signal }))
  try {
    await Promise.any(dials)
  } catch (error) {
    const { stage, cause, hint } = ((error as AggregateError).errors[0] as RequestFailed).failure
    const words =
      bootstrap.length === 1
        ? say`The bootstrap peer could not be reached: ${cause}`
        : say`None of ${bootstrap.length} bootstrap peers could be reached. The first: ${cause}`
    throw failed(stage, words, hint)
  }
}
