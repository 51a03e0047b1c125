import { seen } from '../../errors/seen.ts'
import type { PortMapping } from './observed-addresses.ts'
import { PunchError } from './punch-error.ts'

/** libp2p's names for what was given up: by the clock, or since another dial was through. */
const GIVEN_UP = new Set(['TimeoutError', 'AbortError'])

/**
 * What stood in the way, from how the dials of the last try ended and from what our router makes of ports.
 *
 * @returns a {@link PunchError}, or the error itself where it says more
 */
export function faultOf(error: unknown, mapping: PortMapping): unknown {
  if (error instanceof PunchError) return error
  const { errors } = seen(error)
  const dials = (errors.length === 0 ? [error] : errors).map(seen)
  const silent = dials.filter(({ name }) => GIVEN_UP.has(name))
  const refused = dials.filter(({ code }) => code === 'ECONNREFUSED' || code === 'ECONNRESET')
  if (silent.length + refused.length < dials.length) return error
  const options = { cause: error }
  if (mapping === 'varies')
    return new PunchError('ports-vary', 'our router gives each connection a port', options)
  if (mapping === 'changed') return new PunchError('port-changed', 'our router changes the port', options)
  // Ours waits for the other side until the try ends, and so is always silent.
  if (refused.length > 0 && silent.length <= 1) return new PunchError('refused', 'refused', options)
  return new PunchError('no-answer', 'nothing came through', options)
}
