import type { NewEvent, NodeEvent } from '../../src/core/events.ts'
import type { ScreenAction } from '../../src/store/screen/reduce-screen.ts'
import { selectionOf } from '../../src/store/selectors/selection.ts'
import { Store } from '../../src/store/store.ts'
import type { Figure, Reading } from '../figure.ts'
import { median } from '../statistics.ts'
import { happenings, take } from '../world/happenings.ts'
import { opening, swarmPeers } from '../world/swarm.ts'

const [FEW, MANY] = [20, 20_000]
/** Both take microseconds. Whatever looks at all peers each time comes out a hundred times above this. */
const AT_MOST = 20
const ROUNDS = 200
/** Rows that a tall screen shows. */
const ROWS = 50

/** What peers beyond those on screen and those that change cost, without the drawing. */
export const storeAtScale: Figure = {
  title: 'the store, 20,000 peers against 20',
  short: true,
  async measure() {
    const few = new Measured(FEW)
    const many = new Measured(MANY)
    const bottom = (measured: Measured) => measured.select(measured.store.peerList.length - 1)
    return [
      against('a commit of 50 events', few, many, measured => measured.commit(50)),
      against('the key j', few, many, measured => measured.select(7)),
      against('the key G', few, many, bottom),
      onAll('sorting by another column', many, [
        { type: 'peers:sort', column: 'agent', descending: false },
        { type: 'peers:sort', column: 'address', descending: false },
        { type: 'peers:sort', column: 'heard', descending: false },
      ]),
      onAll('the first letter of a filter', many, [{ type: 'filter', pane: 'peers', filter: 'k' }]),
      onAll('a letter more in the filter', many, [
        { type: 'filter', pane: 'peers', filter: 'ku' },
        { type: 'filter', pane: 'peers', filter: 'kub' },
        { type: 'filter', pane: 'peers', filter: 'kubo' },
      ]),
    ]
  },
}

/** A store with so many peers, in which the first 20 are busy. */
class Measured {
  readonly store = new Store()
  readonly #busy: Iterator<NewEvent, never>
  #seq = 0

  constructor(count: number) {
    const peers = swarmPeers(count)
    this.#busy = happenings(peers.slice(0, FEW), 1)
    this.#apply([...opening(peers, FEW)])
  }

  /** Events, and what a frame reads after them. */
  commit(count: number): void {
    this.#apply(take(this.#busy, count))
    this.#read()
  }

  /** What a key that moves does. */
  select(row: number): void {
    const peerId = this.store.peerList.at(row)
    this.store.dispatch({ type: 'peers:select', peerId, row, top: 0 })
    this.#read()
  }

  #read(): void {
    const { row = 0 } = selectionOf(this.store) ?? {}
    this.store.peerList.slice(row, row + ROWS)
  }

  #apply(events: readonly NewEvent[]): void {
    const numbered = events.map(event => ({ v: 1, seq: ++this.#seq, time: this.#seq, ...event }) as NodeEvent)
    this.store.apply({ dropped: 0, events: numbered })
  }
}

/** Rounds of one and the other in turns. */
function against(name: string, few: Measured, many: Measured, act: (measured: Measured) => void): Reading {
  const tookMs = { few: [] as number[], many: [] as number[] }
  for (let round = 0; round < ROUNDS; round += 1) {
    tookMs.few.push(timed(() => act(few)))
    tookMs.many.push(timed(() => act(many)))
  }
  const [fewMs, manyMs] = [median(tookMs.few), median(tookMs.many)]
  return {
    name: `store: ${name}, 20,000 peers against 20`,
    value: manyMs / fewMs,
    unit: 'x',
    atMost: AT_MOST,
    note: `${(manyMs * 1000).toFixed(0)} against ${(fewMs * 1000).toFixed(0)} µs`,
  }
}

/** What has to look at all peers: in ms, so printed and not judged. */
function onAll(name: string, { store }: Measured, actions: readonly ScreenAction[]): Reading {
  const value = median(actions.map(action => timed(() => store.dispatch(action))))
  return { name: `store: ${name}, 20,000 peers`, value, unit: 'ms' }
}

function timed(act: () => void): number {
  const before = performance.now()
  act()
  return performance.now() - before
}
