/**
 * libp2p for JavaScript (circuit-relay-v2 4.2 and those before it) writes the duration of a limit in ms, where the
 * protocol has seconds (https://github.com/libp2p/specs/blob/master/relay/circuit-v2.md, message Limit). What it says of
 * itself gives it away: `js-libp2p/3.3.11 node/24.1.0`, or the name of a program and the platform.
 */
const WRITES_MS = /\bjs-libp2p\b|\bhelia\b| (node|deno|bun|electron)\/\d/

/** No relay cuts connections sooner than after so many seconds, and none of those above would mean so many ms. */
const LEAST_MS = 10_000

/**
 * How long a connection through a relay may last, in ms, by the number that the relay told.
 *
 * @param agentVersion of the relay; absent: not known, and the number is taken for what the protocol says it is
 */
export function durationMs(told: number, agentVersion: string | undefined): number {
  const inMs = told >= LEAST_MS && agentVersion !== undefined && WRITES_MS.test(agentVersion)
  return inMs ? told : told * 1000
}
