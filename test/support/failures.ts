import { expect } from 'vitest'
import { type Failure, RequestFailed } from '../../src/core/failure.ts'

/** The failure that `action` ends in; the test fails if it does not, or ends in anything else. */
export async function failureOf(action: () => unknown): Promise<Failure> {
  const error = await Promise.resolve()
    .then(action)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    )
  expect(error).toBeInstanceOf(RequestFailed)
  return (error as RequestFailed).failure
}
