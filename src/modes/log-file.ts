import { systemClock } from '../core/clock.ts'
import { safeMessage, say } from '../core/safe-text.ts'
import { RotatingFile } from '../node/event-file/rotating-file.ts'
import { UsageProblem } from './options/usage-problem.ts'

/**
 * Makes sure before anything starts that a file can be appended to; a new one can only be read by its owner. It is the
 * node that writes it (node/event-file/).
 *
 * @throws {UsageProblem} when it cannot be opened, or is no file
 */
export async function checkLogFile(path: string): Promise<void> {
  const file = new RotatingFile({ path, clock: systemClock })
  try {
    await file.open()
    await file.close()
  } catch (error) {
    throw new UsageProblem(say`--log-file: cannot write to ${safeMessage(path)}: ${safeMessage(error)}`)
  }
}
