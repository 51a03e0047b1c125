/**
 * A node of some checkout of this project, that takes bytes on one protocol and gives them on another.
 *
 * `bulk-node.ts <root of the checkout>` writes where it listens as a line of JSON, and for each line that it reads one with
 * the processor time it has used, in seconds. It ends when its stdin does.
 */
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Stream } from '@libp2p/interface'
import { BULK_MB, GIVE, sendBulk, TAKE } from '../node/bulk-protocols.ts'

/** Where it listens. */
export interface BulkNode {
  address: string
}
/** What it has used so far. */
export interface Used {
  cpuSeconds: number
}

const [root = ''] = process.argv.slice(2)
// Of an older checkout no types are known here.
const load = (module: string) => import(join(root, 'src', module))
const { systemClock } = await load('core/clock.ts')
const { DEFAULT_NODE_OPTIONS } = await load('node/options.ts')
const { EventHub } = await load('node/port/event-hub.ts')
const { openProfile } = await load('node/profile/profile.ts')
const { assemble } = await load('node/parts.ts')

const listen = ['/ip4/127.0.0.1/tcp/0']
const options = { ...DEFAULT_NODE_OPTIONS, listen, ephemeral: true, mdns: false, pingIntervalMs: 0 }
const hub = new EventHub(systemClock)
const profile = await openProfile(options)
const { libp2p, bus, limits } = await assemble(options, { clock: systemClock, hub, profile })

await libp2p.handle(TAKE, (stream: Stream) => {
  stream.addEventListener('message', () => {})
  stream.addEventListener('remoteCloseWrite', () => void stream.close())
})
await libp2p.handle(GIVE, (stream: Stream) => sendBulk(stream, BULK_MB))
await libp2p.start()
limits.start({
  libp2p,
  connections: () => bus.connections.all(),
  isWanted: () => false,
  closing: () => {},
  cutting: () => {},
})
await bus.listening.listenOnAll(listen)
say<BulkNode>({ address: String(libp2p.getMultiaddrs()[0]) })

createInterface(process.stdin)
  .on('line', () => {
    const { user, system } = process.cpuUsage()
    say<Used>({ cpuSeconds: (user + system) / 1e6 })
  })
  .on('close', () => process.exit(0))

function say<T>(words: T): void {
  process.stdout.write(`${JSON.stringify(words)}\n`)
}
