import type { Connection, Stream } from '@libp2p/interface'
import type { Cancel } from '../../../core/clock.ts'
import { dialDirect } from './direct.ts'
import { answer } from './exchange.ts'
import { ownAddresses, type PunchContext, TRIES, TRY_MS, trySignal } from './punch-context.ts'
import { PunchError } from './punch-error.ts'
import { PunchReport } from './punch-report.ts'

/** So long the other side's first try, and its next, is waited for before the punch has failed, in ms. */
export const NEXT_TRY_MS = 2 * TRY_MS

/** The way of the side that has dialed over the relay: the other side asks, a stream for each try. */
export class Answering {
  readonly #context: PunchContext
  readonly #relayed: Connection
  readonly #report: PunchReport
  #tries = 0
  #cancelWait: Cancel = () => {}

  constructor(context: PunchContext, relayed: Connection) {
    this.#context = context
    this.#relayed = relayed
    this.#report = new PunchReport(context, relayed)
    this.#failUnlessTried(new PunchError('not-tried', 'the other side has not tried'))
  }

  /** True: it has succeeded or failed. */
  get over(): boolean {
    return this.#report.over
  }

  /** One try of the other side's. Never rejects. */
  async answer(stream: Stream): Promise<void> {
    this.#cancelWait()
    this.#report.started()
    this.#tries += 1
    const attempt = this.#tries
    try {
      this.#report.succeeded(await this.#try(stream, attempt))
    } catch (error) {
      if (attempt >= TRIES || error instanceof PunchError) return this.#report.failed(error)
      // The other side's clock may be ahead, and its next try under way.
      if (attempt === this.#tries) this.#failUnlessTried(error)
    }
  }

  #failUnlessTried(error: unknown): void {
    this.#cancelWait = this.#context.clock.after(NEXT_TRY_MS, () => this.#report.failed(error))
  }

  async #try(stream: Stream, attempt: number): Promise<Connection> {
    const context = this.#context
    const signal = trySignal(context)
    const addresses = await answer(stream, () => ownAddresses(context), signal)
    if (addresses.length === 0) {
      throw new PunchError('theirs-unknown', 'the other side named no public address')
    }
    this.#report.tried({ how: 'punch', attempt, attempts: TRIES, addresses })
    const { libp2p } = context
    return await dialDirect({ libp2p, peer: this.#relayed.remotePeer, addresses, initiator: true, signal })
  }
}
