import { RequestFailed } from '../../core/failure.ts'
import { safeMessage, say } from '../../core/safe-text.ts'

const CIRCUIT = '/p2p-circuit'

/**
 * The relay that a person named, with or without /p2p-circuit at its end.
 *
 * @throws {RequestFailed} when it is the address of a peer behind a relay
 */
export function relayWords(target: string): string {
  const trimmed = target.trim()
  const words = trimmed.endsWith(CIRCUIT) ? trimmed.slice(0, -CIRCUIT.length) : trimmed
  if (!words.includes(CIRCUIT)) return words
  throw new RequestFailed({
    stage: 'target',
    cause: say`${safeMessage(target)} is a peer behind a relay: reservations go through one relay only`,
    hint: say`Give the relay's own address, what stands before /p2p-circuit`,
  })
}
