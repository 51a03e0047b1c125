/** The node's thread of the measured program: no network, what happens is ordered over a socket. */
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as passed } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import type { NewEvent } from '../../src/core/events.ts'
import { RequestFailed } from '../../src/core/failure.ts'
import { DEADLINES, type RequestKind } from '../../src/core/requests.ts'
import { say } from '../../src/core/safe-text.ts'
import { Random } from '../../src/node/fake/random.ts'
import { EventHub } from '../../src/node/port/event-hub.ts'
import { LocalPort, type RequestHandlers } from '../../src/node/port/local-port.ts'
import { messagePortChannel } from '../../src/node/port/message-port-channel.ts'
import { servePort } from '../../src/node/port/serve-port.ts'
import { happenings, take } from '../world/happenings.ts'
import type { Done, NodeSetting, Order } from '../world/orders.ts'
import { opening, pinged, rttOf, swarmPeers } from '../world/swarm.ts'

/** Time between two commits of events: more than the screen takes between two pulls. */
const COMMIT_MS = 90
/** So many events at once are less than a reader's ring holds. */
const FILL_AT_ONCE = 3000
const FLOOD_TICK_MS = 10
const SEED = 7

if (parentPort === null) throw new Error('This module runs in a worker thread only')

const setting = JSON.parse(process.env.BENCH_NODE ?? '') as NodeSetting
const peers = swarmPeers(setting.peers)
const busy = peers.slice(0, Math.max(setting.connected, 1))
const events = happenings(busy, SEED)
const random = new Random(SEED)
let ageMs = setting.ageMs
const hub = new EventHub(setting.steppedTime ? steppedClock() : agedClock())

for (const event of opening(peers, setting.connected)) hub.emit(event)
ageMs = 0
const kinds = Object.keys(DEADLINES) as RequestKind[]
const HANDLERS = Object.fromEntries(kinds.map(kind => [kind, refuse])) as unknown as RequestHandlers
servePort(
  new LocalPort({
    clock: systemClock,
    hub,
    handlers: HANDLERS,
    stop: () => void control.destroy(),
  }),
  messagePortChannel(parentPort),
)

const control = connect(setting.control)
createInterface(control).on('line', line => void follow(JSON.parse(line) as Order))

async function follow(order: Order): Promise<void> {
  const before = process.cpuUsage()
  const count = await carryOut(order)
  const { user, system } = process.cpuUsage(before)
  control.write(`${JSON.stringify({ cpuMs: (user + system) / 1000, events: count } satisfies Done)}\n`)
}

async function carryOut(order: Order): Promise<number> {
  switch (order.do) {
    case 'emit':
      return emit(order.events.map(atOnce))
    case 'fill':
      return await inParts(order.count, FILL_AT_ONCE, COMMIT_MS, count => take(events, count))
    case 'flood':
      return await flood(order.perSecond, order.forMs)
    case 'commits':
      return await inParts(order.count * order.perCommit, order.perCommit, COMMIT_MS, pings)
  }
}

async function inParts(
  count: number,
  part: number,
  everyMs: number,
  make: (count: number) => NewEvent[],
): Promise<number> {
  for (let left = count; left > 0; left -= part) {
    emit(make(Math.min(left, part)))
    await passed(everyMs)
  }
  return count
}

/** As many events as should have happened by now, so that a late timer loses none. */
async function flood(perSecond: number, forMs: number): Promise<number> {
  const started = performance.now()
  let done = 0
  for (let elapsed = 0; elapsed < forMs; elapsed = performance.now() - started) {
    done += emit(take(events, Math.floor((perSecond * elapsed) / 1000) - done))
    await passed(FLOOD_TICK_MS)
  }
  return done
}

function pings(count: number): NewEvent[] {
  return Array.from({ length: count }, (_, place) => {
    const peer = busy[place % busy.length] as (typeof busy)[number]
    return atOnce(pinged(peer, rttOf(peer, random)))
  })
}

/** The event as one that somebody asked for: what a resting node says by itself may come to the screen later. */
function atOnce(event: NewEvent): NewEvent {
  return event.requestId === undefined ? { ...event, requestId: say`asked` } : event
}

function emit(happened: readonly NewEvent[]): number {
  for (const event of happened) hub.emit(event)
  return happened.length
}

function refuse(): never {
  throw new RequestFailed({ stage: 'request', cause: say`This node does nothing`, hint: say`Ask another` })
}

/** The time, as long ago as the node is old while it meets its peers. */
function agedClock(): Clock {
  return { ...systemClock, now: () => systemClock.now() - ageMs }
}

/** A clock that is a little later each time it is looked at. */
function steppedClock(): Clock {
  const steps = new Random(SEED)
  let now = Date.UTC(2026, 0, 1, 12)
  return {
    ...systemClock,
    now() {
      now += steps.whole(5, 400)
      return now
    },
  }
}
