import type { Figure, Reading } from '../figure.ts'
import { Child } from '../node/child.ts'
import { type LoadControl, LoadedNode, LoadedProgram } from '../node/loaded.ts'
import type { Crowd } from '../programs/crowd.ts'
import type { RoundTrips } from '../programs/round-trips.ts'
import { median, percentile } from '../statistics.ts'

const BARE_COUNT = 3000
const PER_SECOND = 10_000
/** Short turns, so that whatever else the machine does falls on both sides alike. */
const TURNS = 20
const PINGS_A_TURN = 250
const WARM_UP_PINGS = 1000

/** What the node's own ping costs beside what it is made of. */
export const pingWithoutLoad: Figure = {
  title: 'ping RTT against a bare stream and a TCP echo',
  short: true,
  async measure() {
    await using peer = new Child('crowd', { args: ['1'] })
    const { addresses, echoPort } = await peer.said<Crowd>()
    await using measuring = new Child('round-trips', {
      args: [addresses[0] ?? '', String(echoPort), String(BARE_COUNT)],
    })
    const { node, stream, tcp } = await measuring.said<RoundTrips>()
    return [
      compared('ping RTT against a bare libp2p ping stream, p50', [node, stream], 0.5, 1.2),
      compared('ping RTT against a raw TCP echo, p50', [node, tcp], 0.5, 4),
    ]
  },
}

/** What a busy screen costs the pings of the node in the other thread. */
export const pingUnderLoad: Figure = {
  title: 'ping RTT under 10,000 events/s, with and without a screen',
  short: false,
  async measure() {
    await using peer = new Child('crowd', { args: ['1'] })
    const { addresses } = await peer.said<Crowd>()
    const ping = async ({ load }: { load: LoadControl }, count: number): Promise<number[]> => {
      const order = { do: 'ping', address: addresses[0] ?? '', count, perSecond: PER_SECOND } as const
      return (await load.order(order)).rttsMs ?? []
    }
    await using screen = await LoadedProgram.start()
    await using none = await LoadedNode.start()
    for (const node of [screen, none]) await ping(node, WARM_UP_PINGS)
    const turns: (readonly [number[], number[]])[] = []
    while (turns.length < TURNS)
      turns.push([await ping(screen, PINGS_A_TURN), await ping(none, PINGS_A_TURN)])
    return [0.5, 0.95].map(share => comparedByTurn(share, turns))
  },
}

/** The middle one of the ratios of all turns: what disturbs a few of them does not count. */
function comparedByTurn(share: number, turns: readonly (readonly [number[], number[]])[]): Reading {
  const readings = turns.map(turn => compared('', turn, share, 1.3))
  return {
    name: `ping RTT, screen busy against none, p${share * 100}`,
    value: median(readings.map(({ value }) => value)),
    unit: 'x',
    atMost: 1.3,
    note: `the middle one of ${turns.length} turns, e.g. ${readings.at(-1)?.note}`,
  }
}

function compared(
  name: string,
  [ours, other]: readonly [number[], number[]],
  share: number,
  atMost: number,
): Reading {
  const [value, beside] = [percentile(ours, share), percentile(other, share)]
  const note = `${value.toFixed(3)} ms against ${beside.toFixed(3)} ms, ${ours.length} pings`
  return { name, value: value / beside, unit: 'x', atMost, note }
}
