import type { NodePort } from '../../core/port.ts'
import { type SafeText, safeText } from '../../core/safe-text.ts'

/** A port that gives each dial an id of its own and tells it first: by that id the node says how far the dial is. */
export function portNamingDials(port: NodePort, onDial: (dialId: SafeText) => void): NodePort {
  return {
    ended: port.ended,
    subscribe: options => port.subscribe(options),
    stop: () => port.stop(),
    request(kind, params, options = {}) {
      if (kind !== 'dial') return port.request(kind, params, options)
      // Several screens may share one node.
      const id = options.id ?? safeText(crypto.randomUUID())
      onDial(id)
      return port.request(kind, params, { ...options, id })
    },
  }
}
