import { say } from '../core/safe-text.ts'
import type { CommandContext, ScreenControl } from './command.ts'
import { failed } from './fail.ts'

/**
 * The screen that a command needs.
 *
 * @throws {RequestFailed} when there is none
 */
export function screenOf(context: CommandContext): ScreenControl {
  if (context.screen !== undefined) return context.screen
  throw failed('request', say`There is no screen here`, say`Start p2p-tui on a terminal`)
}
