import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import type { SwarmSnapshot } from '../../../src/core/swarm.ts'
import { connectPort } from '../../../src/node/port/connect-port.ts'
import { messagePortChannel } from '../../../src/node/port/message-port-channel.ts'
import { fakeWorld } from '../../support/fake-world.ts'
import { comparable, PortReader } from '../../support/port-reader.ts'

interface Report {
  heapBytes: number
  state: SwarmSnapshot
}

const MB = 2 ** 20
/** A minute of 10,000 events a second. */
const FLOOD = 600_000
const FIRST = 100_000

let worker: Worker
afterEach(async () => {
  await worker.terminate()
})

describe('a screen that stops reading for a minute', () => {
  it('costs the node neither memory nor answers, and finds the right state afterwards', async () => {
    const { port1: control, port2 } = new MessageChannel()
    worker = new Worker(new URL('./fixtures/flooded-node.ts', import.meta.url), {
      workerData: { control: port2 },
      transferList: [port2],
    })
    const port = connectPort(messagePortChannel(worker), systemClock)
    const stuck = new PortReader(port)
    await stuck.until(({ state }) => state.peers.size === 12)
    const { seq } = stuck.state
    const { peerId } = (await fakeWorld(port)).peer
    await port.request('dial', { target: peerId })

    let flooding = true
    const flood = async (count: number): Promise<Report> => {
      control.postMessage(count)
      const [report] = (await once(control, 'message')) as [Report]
      return report
    }
    const flooded = flood(FIRST)
      .then(async first => ({ first, last: await flood(FLOOD - FIRST) }))
      .finally(() => {
        flooding = false
      })
    // Another caller, meanwhile: each ping takes as long as it takes for some chunks of the flood to pass.
    let pings = 0
    while (flooding) {
      await port.request('ping', { peerId })
      pings += 1
    }
    const { first, last } = await flooded
    expect(pings).toBeGreaterThan(50)
    expect((last.heapBytes - first.heapBytes) / MB).toBeLessThan(4)

    // The ring holds 4096 events; the rest is counted, and nothing is missing between.
    const before = stuck.events.length
    await stuck.until(({ state }) => state.seq >= last.state.seq)
    const read = stuck.events.length - before
    expect(read + stuck.dropped).toBe(stuck.state.seq - seq)
    expect(stuck.dropped).toBeGreaterThan(FLOOD - 5000)
    const fresh = new PortReader(port)
    await fresh.read()
    expect(comparable(stuck.state)).toEqual(comparable(fresh.state))
    control.close()
    await port.stop()
  })
})
