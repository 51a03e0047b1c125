import type { Figure, Reading } from '../figure.ts'
import { frameCost } from '../screen/frame-cost.ts'
import { MeasuredScreen, setting } from '../screen/measured-screen.ts'
import { median } from '../statistics.ts'

const FEW = 20
const MANY = 20_000
const AT_MOST = 1.2
const COMMITS = { count: 20, perCommit: 10 }
/** Before the code has been compiled and the heap has found its size. */
const WARM_UP = { count: 40, perCommit: 10 }

/** What a frame costs with 20,000 peers, as a multiple of what it costs with 20. */
export const manyPeers: Figure = {
  title: 'frame cost, 20,000 peers against 20',
  short: false,
  async measure() {
    return [
      // Rows for 20 peers, so that both screens show equally much.
      { ...(await against(27, 7)), atMost: AT_MOST },
      await against(40, 3),
    ]
  },
}

/** Rounds of one and the other in turns, so that what else the machine does falls on both. */
async function against(rows: number, rounds: number): Promise<Reading> {
  const common = { connected: FEW, rows }
  await using few = await MeasuredScreen.start(setting({ ...common, peers: FEW }))
  await using many = await MeasuredScreen.start(setting({ ...common, peers: MANY }))
  await Promise.all([few, many].map(screen => frameCost(screen, WARM_UP)))
  const costs: { few: number; many: number }[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { cpuMs } = await frameCost(few, COMMITS)
    costs.push({ few: cpuMs, many: (await frameCost(many, COMMITS)).cpuMs })
  }
  const fewMs = median(costs.map(cost => cost.few)).toFixed(2)
  const manyMs = median(costs.map(cost => cost.many)).toFixed(2)
  return {
    name: `frame cost, 20,000 peers against 20, 120x${rows}`,
    value: median(costs.map(cost => cost.many / cost.few)),
    unit: 'x',
    note: `${manyMs} against ${fewMs} ms of processor time`,
  }
}
