/** The loaded node in a thread, as the program starts it, and nothing else: nobody reads its events. */
import { DEFAULT_NODE_OPTIONS, type NodeOptions } from '../../src/node/options.ts'
import { startWorkerPort } from '../../src/node/port/worker-port.ts'

const options: NodeOptions = {
  ...DEFAULT_NODE_OPTIONS,
  listen: ['/ip4/127.0.0.1/tcp/0'],
  ephemeral: true,
  mdns: false,
}
const port = startWorkerPort(options, { entry: new URL('./loaded-node.ts', import.meta.url) })
// Whoever started this holds the other end: when they are gone, so is this.
process.stdin.resume().on('end', async () => {
  await port.stop()
  process.exit(0)
})
