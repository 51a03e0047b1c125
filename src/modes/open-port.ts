import type { Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'
import type { NodeOptions } from '../node/options.ts'

/** Which node to open a port to: a real one or a made-up one. */
export interface PortOptions {
  /** A made-up network instead of a node. */
  demo: boolean
  nodeOptions: NodeOptions
  clock: Clock
}

/** Starts a node in a thread of its own, or the made-up network. What is not used is not loaded. */
export async function openPort({ demo, nodeOptions, clock }: PortOptions): Promise<NodePort> {
  if (demo) {
    const { startFakePort } = await import('../node/fake/fake-port.ts')
    const { logFile } = nodeOptions
    const log = logFile === undefined ? {} : { logFile }
    return startFakePort({ clock, seed: clock.now(), dht: true, ...log }).port
  }
  const { startWorkerPort } = await import('../node/port/worker-port.ts')
  return startWorkerPort(nodeOptions)
}
