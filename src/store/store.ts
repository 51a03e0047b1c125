import type { Cancel } from '../core/clock.ts'
import type { Batch } from '../core/port.ts'
import type { PortEnd } from '../core/requests.ts'
import { EventLog } from './event-log.ts'
import { News } from './news.ts'
import { PeerList } from './peers/peer-list.ts'
import { reduceScreen, type ScreenAction } from './screen/reduce-screen.ts'
import { INITIAL_SCREEN, type ScreenState } from './screen/screen-state.ts'
import { reduceSwarm } from './swarm/reduce.ts'
import { fromSnapshot } from './swarm/snapshot.ts'
import { EMPTY_SWARM, type SwarmState } from './swarm/state.ts'
import { touchedPeers } from './swarm/touched.ts'

/**
 * All that the screen shows. Batches of events change it once each; what the person does changes it at once.
 * Listeners are called after each change and read what they need.
 */
export class Store {
  readonly log: EventLog
  readonly peerList = new PeerList()
  readonly #news = new News()
  #swarm: SwarmState = EMPTY_SWARM
  #screen: ScreenState = INITIAL_SCREEN
  #end: PortEnd | undefined
  #version = 0
  #listeners = new Set<() => void>()

  constructor(log = new EventLog()) {
    this.log = log
  }

  get swarm(): SwarmState {
    return this.#swarm
  }

  get screen(): ScreenState {
    return this.#screen
  }

  /** Set when the node is gone. */
  get end(): PortEnd | undefined {
    return this.#end
  }

  /** Grows with every change: the whole store as one value to compare. */
  get version(): number {
    return this.#version
  }

  /** One commit: everything in a batch, then one call of each listener. */
  apply(batch: Batch): void {
    this.fold(batch)
    this.#changed()
  }

  /** Takes in a part of a commit. Listeners hear of it with the rest, or when a person does something meanwhile. */
  fold(batch: Batch): void {
    if (batch.dropped > 0) {
      const time = batch.events[0]?.time ?? batch.snapshot?.time ?? this.#swarm.time
      this.log.appendGap(batch.dropped, time, batch.lost)
    }
    const before = batch.snapshot === undefined ? this.#swarm : fromSnapshot(batch.snapshot)
    this.#swarm = batch.events.reduce(reduceSwarm, before)
    this.peerList.update(this.#swarm.peers, batch.snapshot === undefined ? touchedPeers(batch.events) : 'all')
    this.log.append(batch.events.filter(event => this.#news.isNews(event, this.#swarm)))
  }

  dispatch(action: ScreenAction): void {
    this.#screen = reduceScreen(this.#screen, action)
    this.peerList.choose(this.#screen.peers)
    this.#changed()
  }

  /** The node is gone. */
  finish(end: PortEnd): void {
    this.#end = end
    this.#changed()
  }

  subscribe = (listener: () => void): Cancel => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #changed(): void {
    this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}
