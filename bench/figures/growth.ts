import type { Figure, Reading } from '../figure.ts'
import { frameCost } from '../screen/frame-cost.ts'
import { MeasuredScreen, type MeasuredSetting, setting } from '../screen/measured-screen.ts'

const CONNECTED = 20
const WARM_UP = 30
const COUNT = 30

/** Whatever grows, the rest is like this. */
const USUAL = { peers: 200, connected: CONNECTED, columns: 120, perCommit: 10 }

/** How the cost of a frame grows, to be read and not judged: absolute times are the machine's. */
export const growth: Figure[] = [
  grows('peers', [20, 200, 2000, 20_000], peers => ({ peers })),
  grows('events in a commit', [1, 10, 100, 700], perCommit => ({ perCommit })),
  grows('columns', [80, 120, 200], columns => ({ columns })),
]

function grows(
  what: string,
  sizes: readonly number[],
  given: (size: number) => Partial<typeof USUAL>,
): Figure {
  return {
    title: `a frame by ${what}`,
    short: false,
    async measure() {
      const readings: Reading[][] = []
      for (const size of sizes) {
        const label = `a frame with ${size.toLocaleString('en-US')} ${what}`
        readings.push(await cost(label, { ...USUAL, ...given(size) }))
      }
      return readings.flat()
    },
  }
}

async function cost(label: string, { perCommit, ...swarm }: typeof USUAL): Promise<Reading[]> {
  const given: MeasuredSetting = setting(swarm)
  await using screen = await MeasuredScreen.start(given)
  await frameCost(screen, { count: WARM_UP, perCommit })
  const { cpuMs, bytes } = await frameCost(screen, { count: COUNT, perCommit })
  return [
    { name: `${label}: processor time`, value: cpuMs, unit: 'ms' },
    { name: `${label}: bytes`, value: Math.round(bytes), unit: 'bytes' },
  ]
}
