/**
 * `node --import probe.ts dist/cli.js`: the program as it is, which answers over a socket what its threads hold once they
 * have collected what nothing refers to. The program itself knows nothing of it.
 */
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { queryObjects } from 'node:v8'
import { isMainThread } from 'node:worker_threads'
import { collectGarbage } from '../node/collect-garbage.ts'

/** What a thread of the program holds. */
export interface Held {
  thread: 'screen' | 'node'
  heapMb: number
  /** Sockets, servers, channels and the like that keep it running. */
  handles: number
  /** Timers that have not gone off, or are still referred to. */
  timers: number
  /** Listeners of EventTargets, as libp2p's parts are. */
  listeners: number
}

const TimerClass = constructorOf(timer())
const ListenerClass = constructorOf(listener())

const socket = connect(process.env.SOAK_PROBE ?? '')
// Neither keeps the program running, nor ends it.
socket.unref()
socket.on('error', () => {})
createInterface(socket).on('line', () => answer(socket))

function answer(to: Socket): void {
  const held: Held = {
    thread: isMainThread ? 'screen' : 'node',
    heapMb: collectGarbage() / 2 ** 20,
    handles: process.getActiveResourcesInfo().filter(kind => kind !== 'Timeout' && kind !== 'Immediate')
      .length,
    timers: countOf(TimerClass),
    listeners: countOf(ListenerClass),
  }
  to.write(`${JSON.stringify(held)}\n`)
}

function countOf(kind: new () => object): number {
  return withoutWarning(() => queryObjects(kind, { format: 'count' }))
}

function constructorOf(made: object): new () => object {
  return made.constructor as new () => object
}

function timer(): object {
  const made = setTimeout(() => {}, 0)
  clearTimeout(made)
  return made
}

/** What Node keeps of a listener. It is private: its class is found at the only place where one is. */
function listener(): object {
  const target = new EventTarget()
  target.addEventListener('any', () => {})
  const values = Object.getOwnPropertySymbols(target).map(
    symbol =>
      (target as unknown as Record<symbol, { get?(type: string): { next?: object } | undefined }>)[symbol],
  )
  const root = values.find(value => typeof value?.get === 'function')?.get?.('any')
  if (root?.next === undefined) throw new Error('this Node.js keeps listeners in another way')
  return root.next
}

/** Node warns that it may change how objects are counted, once, on the terminal that the program draws on. */
function withoutWarning<T>(count: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return count()
  } finally {
    process.emitWarning = emitWarning
  }
}
