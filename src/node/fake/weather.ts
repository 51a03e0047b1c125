import { say } from '../../core/safe-text.ts'
import { tcp } from './addresses.ts'
import type { FakeNetwork } from './network.ts'
import type { Random } from './random.ts'
import type { Timers } from './timers.ts'

const FIRST_WARNING_MS = 22_000
const FIRST_REFUSAL_MS = 9000

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
  timers.after(FIRST_WARNING_MS, warn)
  timers.after(FIRST_REFUSAL_MS, refuse)
}
