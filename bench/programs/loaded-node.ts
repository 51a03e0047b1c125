/**
 * The node's thread of the program, as it is, with a load on top: events that did not happen, and pings, ordered over a
 * socket. `with-loaded-node.ts` puts it in the place of the program's own.
 */
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as passed, setImmediate as turn } from 'node:timers/promises'
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads'
import { systemClock } from '../../src/core/clock.ts'
import type { NewEvent } from '../../src/core/events.ts'
import { safeText, say } from '../../src/core/safe-text.ts'
import { startLibp2pPort } from '../../src/node/libp2p-port.ts'
import type { NodeOptions } from '../../src/node/options.ts'
import { EventHub } from '../../src/node/port/event-hub.ts'
import { messagePortChannel } from '../../src/node/port/message-port-channel.ts'
import { servePort } from '../../src/node/port/serve-port.ts'
import { COLLECTING, collectGarbage } from '../node/collect-garbage.ts'
import type { LoadAnswer, LoadOrder } from '../node/load-orders.ts'
import { happenings, take } from '../world/happenings.ts'
import { opening, swarmPeers } from '../world/swarm.ts'

/** Events under load come in parts, as they do when sockets are read. */
const TICK_MS = 5
/** So many events are made beforehand and told again and again: what is measured is the telling. */
const MADE = 20_000
/** A flood leaves the thread to others after so many. */
const AT_ONCE = 500
const SEED = 11

if (parentPort === null) throw new Error('This module runs in a worker thread only')

const collecting = new BroadcastChannel(COLLECTING)
collecting.unref()
const hub = new EventHub(systemClock)
const port = startLibp2pPort(workerData as NodeOptions, systemClock, hub)
servePort(port, messagePortChannel(parentPort))
const control = connect(process.env.BENCH_LOAD ?? '')
createInterface(control).on('line', async line => {
  const answer = await follow(JSON.parse(line) as LoadOrder)
  control.write(`${JSON.stringify(answer)}\n`)
})
void port.ended.then(() => control.destroy())

let made: readonly NewEvent[] = []
let told = 0

async function follow(order: LoadOrder): Promise<LoadAnswer> {
  switch (order.do) {
    case 'meet': {
      const peers = swarmPeers(order.peers)
      for (const event of opening(peers, 0)) if (event.type === 'peer:discovered') hub.emit(event)
      made = take(happenings(peers.slice(0, order.busy), SEED), MADE)
      return {}
    }
    case 'ping':
      return { rttsMs: await underLoad(order.perSecond, () => ping(order.address, order.count)) }
    case 'load':
      await underLoad(order.perSecond, () => passed(order.forMs))
      return {}
    case 'warn':
      hub.emit({
        type: 'warning:raised',
        topic: 'node',
        cause: safeText(order.words),
        hint: say`Nothing to do`,
      })
      return {}
    case 'flood':
      await flood(order.count)
      return {}
    case 'collect':
      collecting.postMessage('now')
      return { heapBytes: collectGarbage() }
  }
}

/** Round trips one after the other. */
async function ping(address: string, count: number): Promise<number[]> {
  const { peerId } = await port.request('dial', { target: address })
  const rttsMs: number[] = []
  while (rttsMs.length < count) {
    const { rttMs } = await port.request('ping', { peerId })
    rttsMs.push(rttMs)
    await turn()
  }
  return rttsMs
}

/** Runs a task while so many events a second are told. */
async function underLoad<T>(perSecond: number, task: () => Promise<T>): Promise<T> {
  const started = performance.now()
  let sent = 0
  const ticking = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond)
    tell(due - sent)
    sent = due
  }, TICK_MS)
  try {
    return await task()
  } finally {
    clearInterval(ticking)
  }
}

/** As many events as fast as they can be told. */
async function flood(count: number): Promise<void> {
  for (let left = count; left > 0; left -= AT_ONCE) {
    tell(Math.min(left, AT_ONCE))
    await turn()
  }
}

function tell(count: number): void {
  for (let n = 0; n < count; n += 1) {
    const event = made[told % made.length]
    told += 1
    if (event !== undefined) hub.emit(event)
  }
}
