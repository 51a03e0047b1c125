import { join } from 'node:path'
import { systemClock } from '../../src/core/clock.ts'
import type { NodeOptions } from '../../src/node/options.ts'
import { connectPort } from '../../src/node/port/connect-port.ts'
import type { Host } from '../support/netns.ts'
import { processChannel } from '../support/process-channel.ts'
import { LOOPBACK, type WatchedNode, watchPort } from '../support/watched-node.ts'

const PROGRAM = join(import.meta.dirname, 'fixtures/our-node.ts')

/** Starts a node of ours on a host that has loopback only, and writes down what it says. It ends with the host. */
export function watchNodeOn(host: Host, options: Partial<NodeOptions> = {}): WatchedNode {
  const child = host.node(PROGRAM, [JSON.stringify({ ...LOOPBACK, ...options })], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return watchPort(connectPort(processChannel(child), systemClock), { recent: true })
}
