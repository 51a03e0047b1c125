import { type FilterSubject, parseFilter } from '../../core/filter.ts'
import { PEER_KEYS, peerSubject } from '../../core/filter-subjects.ts'
import type { SafeText } from '../../core/safe-text.ts'
import { SortedList } from '../../core/sorted-list.ts'
import type { Peer } from '../../core/swarm.ts'
import { INITIAL_SCREEN, type ScreenState } from '../screen/screen-state.ts'
import type { SwarmState } from '../swarm/state.ts'
import type { TouchedPeers } from '../swarm/touched.ts'
import { flowOf } from '../swarm/traffic-figures.ts'
import { orderByKey, SORT_KEYS, type Sortable, type SortKey } from './peer-order.ts'

/** Where more than one peer in so many has changed, sorting all afresh is less work than moving each. */
const SHARE_MOVED = 1 / 8

/** The part of what the person has chosen that decides which peers are listed, and in which order. */
type Choice = Pick<ScreenState['peers'], 'sort' | 'filter'>

/** What is said of all peers together. Rates are in bytes a second, without what is not worth a look. */
interface Sums {
  connected: number
  rateIn: number
  rateOut: number
}

const NOBODY: Sums = { connected: 0, rateIn: 0, rateOut: 0 }

/** A peer as the list last knew it. */
interface Row extends Sortable {
  peer: Peer
  listed: boolean
  /** Made when a filter first asks, and kept until there is none: while one types, only the first key pays for it. */
  subject: FilterSubject | undefined
}

/**
 * The rows of the peers pane: the peers that pass the filter, in order. It is told which peers have changed, so that a
 * commit costs by what has changed, and a window of it by what is on screen, not by how many peers there are.
 */
export class PeerList {
  readonly #rows = new Map<string, Row>()
  #listed = new SortedList<Row>(orderByKey(INITIAL_SCREEN.peers.sort))
  #choice: Choice = INITIAL_SCREEN.peers
  /** Undefined: everything passes. */
  #passes: ((subject: FilterSubject) => boolean) | undefined
  #errors: readonly SafeText[] = []
  #sums = NOBODY

  /** How many peers pass the filter. */
  get length(): number {
    return this.#listed.length
  }

  /** Over all peers, whether they pass or not. */
  get sums(): Readonly<Sums> {
    return this.#sums
  }

  /** What in the filter is likely not to do what was meant. */
  get errors(): readonly SafeText[] {
    return this.#errors
  }

  /** Peer IDs from one row up to but not including another. */
  slice(from: number, to: number): SafeText[] {
    return this.#listed.slice(from, to).map(row => row.peerId)
  }

  /** The Peer ID in a row; undefined past the end. */
  at(row: number): SafeText | undefined {
    return this.slice(row, row + 1)[0]
  }

  /** The row of a peer; -1 when it is not listed. */
  indexOf(peerId: SafeText): number {
    const row = this.#rows.get(peerId)
    return row?.listed === true ? this.#listed.indexOf(row) : -1
  }

  /** Takes over the peers that have changed since it was last told. */
  update(peers: SwarmState['peers'], touched: TouchedPeers): void {
    if (touched !== 'all' && touched.size <= this.#rows.size * SHARE_MOVED) {
      for (const peerId of touched) this.#take(peerId, peers.get(peerId))
      return
    }
    this.#rows.clear()
    this.#listed = new SortedList<Row>(orderByKey(this.#choice.sort))
    this.#sums = NOBODY
    for (const peer of peers.values()) {
      this.#sums = changed(this.#sums, undefined, peer)
      this.#rows.set(peer.peerId, this.#rowOf(peer))
    }
    this.#filter()
  }

  /** Takes over what the person has chosen. Looks at every peer once if it is another filter or order than before. */
  choose({ sort, filter }: Choice): void {
    const before = this.#choice
    this.#choice = { sort, filter }
    if (filter !== before.filter) {
      const { matches, errors } = parseFilter(filter, PEER_KEYS)
      this.#passes = filter.trim() === '' ? undefined : matches
      this.#errors = errors
      this.#filter()
    }
    if (sort !== before.sort) this.#sort()
  }

  /** One peer as it is now, or that it is gone. */
  #take(peerId: SafeText, peer: Peer | undefined): void {
    const before = this.#rows.get(peerId)
    if (before?.peer === peer) return
    this.#sums = changed(this.#sums, before?.peer, peer)
    if (peer === undefined) {
      if (before?.listed === true) this.#listed.remove(before)
      this.#rows.delete(peerId)
      return
    }
    const row = this.#rowOf(peer)
    row.listed = this.#passing(row)
    // One that was forgotten and came back within one commit is younger.
    const { listed, key, firstSeen } = before ?? {}
    if (before !== undefined && listed === row.listed && key === row.key && firstSeen === row.firstSeen) {
      Object.assign(before, row)
      return
    }
    if (before?.listed === true) this.#listed.remove(before)
    if (row.listed) this.#listed.add(row)
    this.#rows.set(peerId, row)
  }

  /** Lists the rows that pass. Those that are listed already are in order, so that a longer filter sorts nothing. */
  #filter(): void {
    const added = [...this.#rows.values()].filter(row => !row.listed && this.#passing(row))
    const rows: Row[] = []
    for (const row of this.#listed.slice()) {
      row.listed = this.#passing(row)
      if (row.listed) rows.push(row)
    }
    for (const row of added) {
      row.listed = true
      rows.push(row)
    }
    const order = orderByKey(this.#choice.sort)
    this.#listed = new SortedList<Row>(order, added.length === 0 ? rows : rows.sort(order))
  }

  #sort(): void {
    for (const row of this.#rows.values()) row.key = this.#keyOf(row.peer)
    const order = orderByKey(this.#choice.sort)
    this.#listed = new SortedList<Row>(order, this.#listed.slice().sort(order))
  }

  #rowOf(peer: Peer): Row {
    const { peerId, firstSeen } = peer
    return { peerId, firstSeen, key: this.#keyOf(peer), listed: false, peer, subject: undefined }
  }

  #keyOf(peer: Peer): SortKey {
    return SORT_KEYS[this.#choice.sort.column](peer)
  }

  #passing(row: Row): boolean {
    if (this.#passes === undefined) {
      row.subject = undefined
      return true
    }
    row.subject ??= peerSubject(row.peer)
    return this.#passes(row.subject)
  }
}

/** The sums when one peer is another value than before, or came, or went. */
function changed(sums: Sums, before: Peer | undefined, now: Peer | undefined): Sums {
  const [less, more] = [sumsOf(before), sumsOf(now)]
  return {
    connected: sums.connected - less.connected + more.connected,
    rateIn: sums.rateIn - less.rateIn + more.rateIn,
    rateOut: sums.rateOut - less.rateOut + more.rateOut,
  }
}

function sumsOf(peer: Peer | undefined): Sums {
  if (peer === undefined) return NOBODY
  const connected = peer.presence === 'connected' ? 1 : 0
  return { connected, rateIn: flowOf(peer.rateIn), rateOut: flowOf(peer.rateOut) }
}
