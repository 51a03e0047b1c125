import { closeConnection } from './close-connection.ts'
import { hangUp } from './hang-up.ts'
import type { Parts } from './parts.ts'
import type { RequestHandlers } from './port/local-port.ts'

/** What a node does for each kind of request. All of them fail with a `RequestFailed`. */
export function answers(parts: Parts): RequestHandlers {
  const { bus, given, limits, pinger, plans, relays, routing } = parts
  return {
    dial: async ({ target }, context) => {
      given.add(target)
      const result = await routing.dial(target, context)
      limits.asked(result.peerId)
      return result
    },
    hangUp: (params, context) => hangUp(parts, params, context),
    closeConnection: (params, context) => closeConnection(parts, params, context),
    ping: ({ peerId }, { signal, requestId }) => pinger.ping(peerId, { signal, requestId }),
    keepPinging: ({ peerId, on }, { requestId }) => ({
      running: pinger.keepPinging(peerId, on, requestId),
    }),
    listen: async ({ address }, { requestId }) => ({
      addresses: await bus.listening.listen(address, requestId),
    }),
    unlisten: async ({ address }, { requestId }) => ({
      addresses: await bus.listening.unlisten(address, requestId),
    }),
    reserve: ({ relay }, context) => {
      given.add(relay)
      return relays.reserve(relay, context)
    },
    query: (params, context) => routing.query(params, context),
    withdraw: params => routing.withdraw(params),
    name: (params, context) => plans.name(params, context),
    keep: (params, context) => plans.keep(params, context),
    accounts: () => ({ accounts: limits.accounts() }),
    forget: async (params, context) => {
      const forgotten = await plans.forget(params, context)
      await relays.leave(forgotten.peerId)
      return forgotten
    },
  }
}
