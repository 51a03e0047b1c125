/** Connecting to the peers that a person gave to begin with. */
import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { safeAddress, safeText, say } from '../../core/safe-text.ts'
import type { Dialer } from '../dial/dialer.ts'
import { parseTarget } from '../dial/target.ts'

/** One dial ends after this, in ms. */
const DIAL_WITHIN_MS = 30_000

/** What connecting to them works with. */
export interface BootstrapParts {
  clock: Clock
  emit: (event: NewEvent) => void
  dialer: Pick<Dialer, 'dial'>
  /** Calls it off. */
  signal: AbortSignal
}

/**
 * Dials each address once, all at the same time. A dial that fails is told as any other; when none comes through there
 * is a warning.
 *
 * @throws nothing
 */
export async function bootstrap(addresses: readonly string[], parts: BootstrapParts): Promise<void> {
  if (addresses.length === 0) return
  const dials = addresses.map((address, index) => connect(address, index, parts))
  const reached = (await Promise.all(dials)).filter(Boolean).length
  if (reached > 0 || parts.signal.aborted) return
  parts.emit({
    type: 'warning:raised',
    topic: 'dht',
    cause:
      addresses.length === 1
        ? say`The bootstrap peer could not be reached`
        : say`None of the ${addresses.length} bootstrap peers could be reached`,
    hint: say`The log says why for each; dial another peer to take part`,
  })
}

/** Whether it came through. */
async function connect(address: string, index: number, parts: BootstrapParts): Promise<boolean> {
  const { clock, emit, dialer, signal } = parts
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  const cancel = clock.after(DIAL_WITHIN_MS, abort)
  signal.addEventListener('abort', abort, { once: true })
  try {
    const { peerId } = parseTarget(address)
    if (peerId !== undefined) {
      const id = safeText(peerId.toString())
      emit({ type: 'peer:discovered', peerId: id, addresses: [safeAddress(address)], source: 'bootstrap' })
    }
    await dialer.dial(address, { signal: controller.signal, requestId: say`bootstrap${index + 1}` })
    return true
  } catch {
    // The dial has said why.
    return false
  } finally {
    cancel()
    signal.removeEventListener('abort', abort)
  }
}
