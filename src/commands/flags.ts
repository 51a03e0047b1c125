import type { Flag } from './command.ts'

/** The option of verbs that may have to be given up; {@link Flag.only} with `p2p-tui <verb>`: elsewhere Esc does it. */
export function timeoutFlag(seconds: number): Flag {
  return {
    name: 'timeout',
    short: 't',
    kind: 'seconds',
    summary: `seconds until it is given up (${seconds})`,
    only: 'oneShot',
  }
}
