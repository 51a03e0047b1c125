import type { Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'
import { explain } from './errors/explain.ts'
import { EventFile } from './event-file/event-file.ts'
import type { NodeOptions } from './options.ts'
import { EventHub } from './port/event-hub.ts'
import { LocalPort } from './port/local-port.ts'
import { RunningNode } from './running-node.ts'

/**
 * Starts a node and returns its port at once: events come as the start goes on, requests wait for it, and a start that
 * fails ends the port.
 *
 * @param hub where its events go
 */
export function startLibp2pPort(
  options: NodeOptions,
  clock: Clock,
  hub: EventHub = new EventHub(clock),
): NodePort {
  const { logFile } = options
  const file = logFile === undefined ? undefined : new EventFile({ path: logFile, clock, hub })
  const starting = RunningNode.start(options, { clock, hub })
  const handlers = starting.then(node => node.answers)
  const port = new LocalPort({
    clock,
    hub,
    handlers,
    stop: async () => {
      const node = await starting.catch(() => undefined)
      await node?.stop()
    },
    finish: async () => file?.finish(),
  })
  handlers.catch(error => port.fail(explain(error, { stage: 'start' })))
  return port
}
