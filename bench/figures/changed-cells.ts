import type { Figure, Reading } from '../figure.ts'
import { type Change, MeasuredScreen, setting } from '../screen/measured-screen.ts'
import { pinged, swarmPeers } from '../world/swarm.ts'

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const
/** The bound of both: a cursor move, a style, the few characters, and the marks around a frame. */
const AT_MOST = 40

/** A steady link, in ms: the trend beside the figure stays flat, so that only the figure changes. */
const RTTS = [12.1, 13.4, 12.6, 13.2, 12.3, 13.1, 12.9, 12.2]
/** What stands on the screen then. */
const shown = (rttMs: number) => ` ${rttMs} ms `

/** No verb and no peer begins like this, so that nothing is offered while it is typed. */
const TYPED = 'dial /ip4/10.77.3.9/tcp/4001'
/** Up to here other things change too: the list of verbs, and what it says of the target to be typed. */
const BEFORE = 'dial /ip4/'.length

/** What is sent to the terminal when one figure or one character changes. */
export const changedCells: Figure = {
  title: 'bytes for what changes',
  short: true,
  async measure() {
    const readings: Reading[][] = []
    for (const [columns, rows] of SIZES) readings.push(await at(columns, rows))
    return readings.flat()
  },
}

async function at(columns: number, rows: number): Promise<Reading[]> {
  await using screen = await MeasuredScreen.start(setting({ columns, rows }))
  const size = `${columns}x${rows}`
  return [
    worst(`one changed RTT cell, ${size}`, await rttChanges(screen)),
    worst(`one typed key, ${size}`, await typedKeys(screen)),
  ]
}

async function rttChanges(screen: MeasuredScreen): Promise<Change[]> {
  const [, peer] = swarmPeers(2)
  if (peer === undefined) throw new Error('a swarm of two has a second peer')
  await withoutPingsInTheLog(screen)
  const steady = RTTS.flatMap(rtt => [pinged(peer, rtt), pinged(peer, rtt)])
  await screen.change(() => screen.order({ do: 'emit', events: steady }), shown(RTTS.at(-1) ?? 0))
  const changes: Change[] = []
  for (const rtt of RTTS) {
    const ping = () => screen.order({ do: 'emit', events: [pinged(peer, rtt)] })
    changes.push(await screen.change(ping, shown(rtt)))
  }
  return changes
}

/** A ping is also a line of the log, which is another figure. */
async function withoutPingsInTheLog(screen: MeasuredScreen): Promise<void> {
  screen.press('\t')
  await screen.quiet()
  for (const key of ['/', 'dial', '\r']) {
    screen.press(key)
    await screen.quiet()
  }
  await screen.waitFor('No line matches')
  screen.press('\t')
  await screen.quiet()
}

async function typedKeys(screen: MeasuredScreen): Promise<Change[]> {
  await screen.change(() => screen.press(':'), ':')
  const changes: Change[] = []
  for (let length = 1; length <= TYPED.length; length += 1) {
    const key = TYPED[length - 1] ?? ''
    changes.push(await screen.change(() => screen.press(key), TYPED.slice(0, length)))
  }
  return changes.slice(BEFORE)
}

function worst(name: string, changes: readonly Change[]): Reading {
  const value = Math.max(...changes.map(({ bytes }) => bytes))
  const cells = Math.max(...changes.map(change => change.cells))
  return {
    name,
    value,
    unit: 'bytes',
    atMost: AT_MOST,
    note: `the most of ${changes.length}, for up to ${cells} cells`,
  }
}
