import { safeAddress } from '../../core/safe-text.ts'
import type { LogTap } from '../taps/log-tap.ts'

/** Why single addresses failed, as libp2p logs it: a dial that succeeds in the end keeps no error of the way there. */
export class AddressFailures {
  readonly #watching = new Set<Map<string, unknown>>()

  constructor(logTap: Pick<LogTap, 'on'>) {
    logTap.on('dial failed to %a - %e', ([address, error]) => {
      for (const failures of this.#watching) failures.set(safeAddress(address), error)
    })
  }

  /** Collects the errors of all addresses, by address, while `run` runs. */
  async during<T>(run: (failures: ReadonlyMap<string, unknown>) => Promise<T>): Promise<T> {
    const failures = new Map<string, unknown>()
    this.#watching.add(failures)
    try {
      return await run(failures)
    } finally {
      this.#watching.delete(failures)
    }
  }
}
