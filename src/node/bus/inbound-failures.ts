import type { Multiaddr } from '@multiformats/multiaddr'
import { type SafeText, say } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import { seen } from '../errors/seen.ts'
import type { NodeLimits } from '../limits/node-limits.ts'
import type { LogTap } from '../taps/log-tap.ts'

/** What goes wrong with one who came to us; the words of the error table are for one whom we dialed. */
const HANDSHAKE_FAULTS: readonly (readonly [RegExp, SafeText])[] = [
  [/ECONNRESET|EPIPE/, say`It broke off the handshake`],
  [/timeout|timed out|abort/i, say`It did not complete the handshake in time; it may not be a libp2p peer`],
  [
    /Unexpected EOF|closed while reading/i,
    say`It disconnected during the handshake; it may not be a libp2p peer`,
  ],
  [/Missing newline|multistream|length/i, say`It sent data that is not libp2p`],
]

const FAILED_UPGRADE = 'failed to upgrade %s connection %s %a - %e'
/** QUIC's machine code does not say who it was. */
const FAILED_QUIC = '%a error accepting connection - %e'

/** Inbound connections that came to nothing, of which libp2p tells only its log. */
export function reportInboundFailures(logTap: LogTap, limits: Pick<NodeLimits, 'handshakeFailed'>): void {
  logTap.on(FAILED_UPGRADE, ([direction, , address, error]) => {
    if (direction === 'inbound') limits.handshakeFailed(address as Multiaddr, handshakeFault(error))
  })
  logTap.on(FAILED_QUIC, ([, error]) => {
    // What waits for the next connection ends so when the listener is closed.
    if (seen(error).name !== 'AbortError') limits.handshakeFailed(undefined, handshakeFault(error))
  })
}

function handshakeFault(error: unknown): SafeText {
  const { name, code, message } = seen(error)
  const known = HANDSHAKE_FAULTS.find(([pattern]) => pattern.test(`${name} ${code} ${message}`))
  return known?.[1] ?? explain(error, { stage: 'encrypt' }).cause
}
