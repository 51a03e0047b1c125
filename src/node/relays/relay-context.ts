import type { Result } from '../../core/requests.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { BusContext } from '../bus/bus-context.ts'
import type { DialRequest } from '../dial/dialer.ts'
import type { Excess } from '../limits/node-limits.ts'
import type { LogTap } from '../taps/log-tap.ts'

/** What the parts about relays work with. */
export interface RelayContext extends BusContext {
  logTap: LogTap
  dial(target: string, request: DialRequest): Promise<Result<'dial'>>
  /** Called for each thing that exceeds a limit. */
  exceeded(excess: Excess): void
  /** What a peer says that it runs; undefined: it has not said so yet. */
  agentOf(peerId: string): string | undefined
  /** Called when a reservation is gone that nobody gave up; `address` is the relay's, with its Peer ID. */
  lost(address: SafeText): void
}
