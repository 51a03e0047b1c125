/**
 * `against.ts <root of another checkout>`: what a megabyte and a round trip cost this checkout and another one, turn by turn,
 * and the ratio of the medians. A stock peer sends {@link BULK_MB} MiB, takes as many, and pings. The other checkout needs its
 * packages installed. Ends with exit code 1 when this one costs more than it may.
 */
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Libp2p } from '@libp2p/interface'
import { PING_PROTOCOL } from '@libp2p/ping'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { startPeer } from '../test/support/peers/peer.ts'
import { BULK_MB, GIVE, sendBulk, TAKE } from './node/bulk-protocols.ts'
import { Child } from './node/child.ts'
import type { BulkNode, Used } from './programs/bulk-node.ts'
import { failing, judge } from './report/judge.ts'
import { plainTable } from './report/table.ts'
import { median } from './statistics.ts'

const RUNS = 9
const WARM_UP_MB = 40
const PINGS = 2_500
const COLD_PINGS = 500
const HERE = resolve(import.meta.dirname, '..')
const BYTES = 2 ** 20

const [other] = process.argv.slice(2)
if (other === undefined) throw new Error('usage: against.ts <root of another checkout>')

interface Cost {
  /** Processor time, in ms. */
  megabyteIn: number
  megabyteOut: number
  /** The median round trip of a ping, in ms. */
  rtt: number
}

const costs: { readonly here: Cost[]; readonly there: Cost[] } = { here: [], there: [] }
for (let run = 0; run < RUNS; run += 1) {
  // Whoever comes first finds another machine: the sides take turns at that as well.
  const turns = [
    async () => costs.here.push(await costOf(HERE)),
    async () => costs.there.push(await costOf(resolve(other))),
  ]
  for (const turn of run % 2 === 0 ? turns : turns.toReversed()) await turn()
}
const ratio = (name: string, what: keyof Cost, atMost: number) => {
  const [here, there] = [costs.here, costs.there].map(all => median(all.map(cost => cost[what])))
  const [now = Number.NaN, before = Number.NaN] = [here, there]
  const note = `${now.toFixed(2)} against ${before.toFixed(2)} ms, medians of ${RUNS} runs`
  return judge({ name, value: now / before, unit: 'x', atMost, note }, {})
}
const readings = [
  ratio('CPU a MB that comes in', 'megabyteIn', 1.03),
  ratio('CPU a MB that goes out', 'megabyteOut', 1.03),
  ratio('ping RTT, p50', 'rtt', 1.1),
]
console.log(plainTable(readings))
process.exit(failing(readings).length === 0 ? 0 : 1)

async function costOf(root: string): Promise<Cost> {
  await using node = new Child('bulk-node', { args: [root] })
  const { address } = await node.said<BulkNode>()
  const used = async () => (await node.asked<Used>('used')).cpuSeconds * 1_000
  const peer = await startPeer({ listen: [] })
  try {
    const at = multiaddr(address)
    await send(peer, at, WARM_UP_MB)
    const before = await used()
    await send(peer, at, BULK_MB)
    const between = await used()
    await take(peer, at)
    const after = await used()
    return {
      megabyteIn: (between - before) / BULK_MB,
      megabyteOut: (after - between) / BULK_MB,
      rtt: await roundTrip(peer, at),
    }
  } finally {
    await peer.stop()
  }
}

async function send(peer: Libp2p, to: Multiaddr, megabytes: number): Promise<void> {
  const stream = await peer.dialProtocol(to, TAKE)
  const closed = new Promise(resolve => stream.addEventListener('close', resolve, { once: true }))
  stream.addEventListener('message', () => {})
  await sendBulk(stream, megabytes)
  await closed
}

async function take(peer: Libp2p, from: Multiaddr): Promise<void> {
  const stream = await peer.dialProtocol(from, GIVE)
  let left = BULK_MB * BYTES
  await new Promise<void>(resolve => {
    stream.addEventListener('message', ({ data }) => {
      left -= data.byteLength
      if (left <= 0) resolve()
    })
  })
  await stream.close()
}

async function roundTrip(peer: Libp2p, to: Multiaddr): Promise<number> {
  const stream = await peer.dialProtocol(to, PING_PROTOCOL)
  const payload = new Uint8Array(32)
  let received = 0
  let answered = (): void => {}
  stream.addEventListener('message', ({ data }) => {
    received += data.byteLength
    if (received % payload.length === 0) answered()
  })
  const times: number[] = []
  for (let ping = 0; ping < PINGS; ping += 1) {
    const began = performance.now()
    const answer = new Promise<void>(resolve => {
      answered = resolve
    })
    stream.send(payload)
    await answer
    if (ping >= COLD_PINGS) times.push(performance.now() - began)
  }
  return median(times)
}
