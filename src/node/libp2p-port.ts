import type { Clock } from '../core/clock.ts'
import type { NodePort } from '../core/port.ts'
import { explain } from './errors/explain.ts'
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
  const starting = RunningNode.start(options, { clock, hub })
  const port = new LocalPort({
    clock,
    hub,
    handlers: {
      dial: async (params, context) => (await starting).dial(params, context),
      ping: async (params, context) => (await starting).ping(params, context),
      keepPinging: async (params, context) => (await starting).keepPinging(params, context),
      hangUp: async (params, context) => (await starting).hangUp(params, context),
      listen: async (params, context) => (await starting).listen(params, context),
      query: async (params, context) => (await starting).query(params, context),
      reserve: async (params, context) => (await starting).reserve(params, context),
      unlisten: async (params, context) => (await starting).unlisten(params, context),
      name: async (params, context) => (await starting).plans.name(params, context),
      keep: async (params, context) => (await starting).plans.keep(params, context),
      forget: async (params, context) => (await starting).plans.forget(params, context),
    },
    stop: async () => {
      const node = await starting.catch(() => undefined)
      await node?.stop()
    },
  })
  starting.catch(error => port.fail(explain(error, { stage: 'start' })))
  return port
}
