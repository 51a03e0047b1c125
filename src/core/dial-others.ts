import { placeOf } from './address.ts'
import type { Payload } from './events.ts'
import { type SafeText, say } from './safe-text.ts'

/** What a sentence about a dial says of the addresses that failed before one won; nothing where none did. */
export function failedFirst(others: Payload<'dial:succeeded'>['others'] = []): SafeText {
  const failed = others.flatMap(({ address, cause }) => (cause === undefined ? [] : [{ address, cause }]))
  const [first] = failed
  if (first === undefined) return say``
  if (failed.length === 1) return say`, after ${placeOf(first.address)} failed: ${first.cause}`
  return say`, after ${failed.length} addresses failed, ${placeOf(first.address)} first: ${first.cause}`
}
