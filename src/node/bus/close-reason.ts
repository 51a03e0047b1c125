import { type SafeText, safeMessage, say } from '../../core/safe-text.ts'

/** Messages and codes that transports and muxers close with, and what they mean to a person. */
const REASONS: readonly (readonly [RegExp, SafeText])[] = [
  [/Duplicate multiaddr connection/, say`Not needed: another connection to the same address is open`],
  [/StreamResetError|stream (has been )?reset/i, say`The other side reset it`],
  [/ECONNRESET|connection reset/i, say`The other side cut it off (connection reset)`],
  // We wrote something more when it had closed.
  [/EPIPE/i, say`The other side closed it`],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN/i, say`The network to the other side went away`],
  [/timed? ?out|TimeoutError/i, say`Nothing came from the other side in time`],
  [/unexpected EOF|end of stream|EOF/i, say`The other side went away in the middle of a message`],
  [/abort/i, say`Broken off on this side`],
]

/** Nothing more came where a message would have begun: Kademlia's streams end so, and nothing is wrong with that. */
const BETWEEN_MESSAGES = /stream closed (after|while) reading 0\/1 bytes/

/** Why a connection or stream ended, for a person; `error` is what the close event carried, if anything. */
export function closeReason(error: unknown, graceful: SafeText): SafeText {
  if (error === undefined || error === null) return graceful
  const { name = '', message = '', code = '' } = error as { name?: string; message?: string; code?: unknown }
  if (BETWEEN_MESSAGES.test(message)) return graceful
  const text = `${name} ${message} ${String(code)}`
  const known = REASONS.find(([pattern]) => pattern.test(text))
  return known?.[1] ?? safeMessage(message === '' ? name : message)
}
