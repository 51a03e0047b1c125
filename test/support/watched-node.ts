import { onTestFinished } from 'vitest'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import type { NodeEvent, NodeEventType } from '../../src/core/events.ts'
import type { NodePort, SubscribeOptions } from '../../src/core/port.ts'
import { startLibp2pPort } from '../../src/node/libp2p-port.ts'
import { DEFAULT_NODE_OPTIONS, type NodeOptions } from '../../src/node/options.ts'
import { reduceSwarm } from '../../src/store/swarm/reduce.ts'
import { fromSnapshot } from '../../src/store/swarm/snapshot.ts'
import { EMPTY_SWARM, type SwarmState } from '../../src/store/swarm/state.ts'

/** Options for a node that keeps to loopback and forgets everything. */
export const LOOPBACK: NodeOptions = {
  ...DEFAULT_NODE_OPTIONS,
  listen: ['/ip4/127.0.0.1/tcp/0'],
  ephemeral: true,
  mdns: false,
  pingIntervalMs: 0,
}

type Matching<T extends NodeEventType> = (event: NodeEvent<T>) => boolean

/** A node of ours, and everything that it has said. */
export interface WatchedNode {
  port: NodePort
  events: NodeEvent[]
  state(): SwarmState
  /** The first event of a type that matches, of those that came or will come. */
  heard<T extends NodeEventType>(type: T, matches?: Matching<T>): Promise<NodeEvent<T>>
  /** The first address that it listens on, with its Peer ID. */
  address(): Promise<string>
  peerId(): Promise<string>
}

/** Starts a node of ours and writes down what it says. It is stopped after the test. */
export function watchNode(options: Partial<NodeOptions> = {}, clock: Clock = systemClock): WatchedNode {
  const port = startLibp2pPort({ ...LOOPBACK, ...options }, clock)
  onTestFinished(() => port.stop())
  return watchPort(port)
}

/** Writes down what a node says over any port, from now on unless told otherwise. */
export function watchPort(port: NodePort, options: SubscribeOptions = {}): WatchedNode {
  const events: NodeEvent[] = []
  const waiting = new Set<() => void>()
  let state = EMPTY_SWARM
  const read = async (): Promise<void> => {
    const reader = port.subscribe({ capacity: 100_000, ...options })
    for (let batch = await reader.next(); batch !== undefined; batch = await reader.next()) {
      if (batch.snapshot !== undefined) state = fromSnapshot(batch.snapshot)
      state = batch.events.reduce(reduceSwarm, state)
      events.push(...batch.events)
      for (const look of waiting) look()
    }
  }
  void read()
  const heard: WatchedNode['heard'] = (type, matches = () => true) =>
    new Promise(resolve => {
      const look = (): void => {
        const found = events.find(event => event.type === type && matches(event as never))
        if (found === undefined) return
        waiting.delete(look)
        resolve(found as never)
      }
      waiting.add(look)
      look()
    })
  return {
    port,
    events,
    state: () => state,
    heard,
    address: async () => (await heard('listen:opened')).address,
    peerId: async () => (await heard('node:started')).peerId,
  }
}
