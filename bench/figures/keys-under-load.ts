import { setTimeout as passed } from 'node:timers/promises'
import type { Figure, Reading } from '../figure.ts'
import { MeasuredScreen, setting } from '../screen/measured-screen.ts'
import { type Typed, type } from '../screen/typing.ts'
import { percentile } from '../statistics.ts'

const PER_SECOND = 10_000
const LOADED_MS = 20_000
const IDLE_MS = 10_000
const RAMP_MS = 1000
/** The bounds of the figure, in ms: the only times that this bench judges, for they are what a person feels. */
const P50_MS = 10
const P99_MS = 40

/** From a key to the frame that shows it, while the node says 10,000 things a second, and while it says nothing. */
export const keysUnderLoad: Figure = {
  title: 'key to frame under 10,000 events/s',
  short: false,
  async measure() {
    await using screen = await MeasuredScreen.start(setting({ stillTime: false, steppedTime: false }))
    screen.press(':')
    await screen.quiet()
    const idle = await type(screen, IDLE_MS)
    const flood = screen.order({ do: 'flood', perSecond: PER_SECOND, forMs: LOADED_MS + 2 * RAMP_MS })
    await passed(RAMP_MS)
    const before = screen.bytes
    const loaded = await type(screen, LOADED_MS)
    const perSecond = ((screen.bytes - before) / LOADED_MS) * 1000
    const { events } = await flood
    const reached = Math.round(events / ((LOADED_MS + 2 * RAMP_MS) / 1000))
    return [
      latency('key to frame under load, p50', loaded, 0.5, { atMost: P50_MS, beside: idle }),
      latency('key to frame under load, p99', loaded, 0.99, { atMost: P99_MS, beside: idle }),
      {
        name: 'keys lost under load',
        value: loaded.lost,
        unit: 'count',
        atMost: 0,
        note: `of ${loaded.latenciesMs.length + loaded.lost}; ${reached} events/s`,
      },
      {
        name: 'bytes a second under load',
        value: Math.round(perSecond),
        unit: 'bytes',
        note: 'keys typed included',
      },
    ]
  },
}

function latency(
  name: string,
  { latenciesMs }: Typed,
  share: number,
  { atMost, beside }: { atMost: number; beside: Typed },
): Reading {
  const idle = percentile(beside.latenciesMs, share).toFixed(1)
  return {
    name,
    value: percentile(latenciesMs, share),
    unit: 'ms',
    atMost,
    note: `${idle} ms when nothing happens`,
  }
}
