import { offenderWarning } from '../../core/event-text/offenders.ts'
import { say } from '../../core/safe-text.ts'
import { tcp } from './addresses.ts'
import type { FakeNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Timers } from './timers.ts'

const FIRST_WARNING_MS = 22_000
const FIRST_REFUSAL_MS = 9000
const FIRST_FLOOD_MS = 75_000
const FLOOD_SECONDS = 8

/** What befalls the node and is no peer's doing that it knows: warnings that clear, strangers turned away. */
export function beginWeather(network: FakeNetwork, timers: Timers, random: Random): void {
  const warn = (): void => {
    network.emit({
      type: 'warning:raised',
      topic: 'mdns',
      cause: say`Multicast queries are not answered on en0`,
      hint: say`Check that the network lets multicast through; dial by address until then`,
    })
    timers.after(random.between(8000, 16_000), () => network.emit({ type: 'warning:cleared', topic: 'mdns' }))
    timers.after(random.between(120_000, 240_000), warn)
  }
  const refuse = (): void => {
    network.emit({
      type: 'connection:refused',
      direction: 'inbound',
      address: tcp(`203.0.113.${random.whole(100, 250)}`, random.whole(32_768, 61_000)),
      reason: say`It does not speak noise: no encryption in common`,
    })
    timers.after(random.between(40_000, 90_000), refuse)
  }
  /** A stranger opens more connections than one host may, for some seconds. */
  const flood = (): void => {
    const host = say`203.0.113.${random.whole(2, 99)}`
    const reason = say`Too many handshakes at once from one host: the limit is 100 (a quarter of --max-pending)`
    const rate = random.whole(40, 180)
    const tell = (second: number): void => {
      const offender = { limit: 'hostPending', action: 'refused', host, reason } as const
      const address = tcp(host, random.whole(32_768, 61_000))
      const count = rate * second
      network.emit({
        type: 'connection:refused',
        direction: 'inbound',
        address,
        reason,
        limit: 'hostPending',
        count: rate,
      })
      const offenders = [{ ...offender, count, perSecond: rate }]
      network.emit({ type: 'limits:offenders', offenders })
      const warning = offenderWarning(offenders)
      if (second === 1 && warning !== undefined) {
        const { cause, hint } = warning
        network.emit({ type: 'warning:raised', topic: 'offenders', cause, hint })
      }
      if (second < FLOOD_SECONDS) timers.after(1_000, () => tell(second + 1))
      else timers.after(10_000, end)
    }
    const end = (): void => {
      network.emit({ type: 'limits:offenders', offenders: [] })
      network.emit({ type: 'warning:cleared', topic: 'offenders' })
    }
    tell(1)
    timers.after(random.between(180_000, 300_000), flood)
  }
  timers.after(FIRST_FLOOD_MS, flood)
  timers.after(FIRST_WARNING_MS, warn)
  timers.after(FIRST_REFUSAL_MS, refuse)
}
