import { type SafeText, safeAddress, say } from '../../core/safe-text.ts'
import { explain } from '../errors/explain.ts'
import { seen } from '../errors/seen.ts'
import type { LogTap } from '../taps/log-tap.ts'
import type { BusContext } from './bus-context.ts'

/** Formats of the lines in which libp2p refuses an inbound connection, with the limit that caused it. */
const REFUSALS: Readonly<Record<string, SafeText>> = {
  'connection from %a refused - connection remote address was in deny list': say`Its address is on the deny list`,
  'connection from %a refused - incomingPendingConnections exceeded by host': say`Too many handshakes were under way`,
  'connection from %a refused - inboundConnectionThreshold exceeded by host %s': say`Too many connections a second from this host`,
  'connection from %a refused - maxConnections exceeded': say`The limit of open connections is reached`,
}

/** What goes wrong with one who came to us; the words of the error table are for one whom we dialed. */
const HANDSHAKE_FAULTS: readonly (readonly [RegExp, SafeText])[] = [
  [/ECONNRESET|EPIPE/, say`It broke off in the middle of the handshake`],
  [/timeout|timed out|abort/i, say`It did not get through the handshake in time: it may not speak libp2p`],
  [
    /Unexpected EOF|closed while reading/i,
    say`It left in the middle of the handshake: it may not speak libp2p`,
  ],
  [/Missing newline|multistream|length/i, say`What it sent is not libp2p`],
]

const FAILED_UPGRADE = 'failed to upgrade %s connection %s %a - %e'

/** Inbound connections that came to nothing, of which libp2p tells only its log. */
export function reportInboundFailures(logTap: LogTap, { emit }: BusContext): void {
  for (const [format, reason] of Object.entries(REFUSALS)) {
    logTap.on(format, ([address]) => {
      emit({ type: 'connection:refused', direction: 'inbound', address: safeAddress(address), reason })
    })
  }
  logTap.on(FAILED_UPGRADE, ([direction, , address, error]) => {
    if (direction !== 'inbound') return
    const reason = handshakeFault(error)
    emit({ type: 'connection:refused', direction: 'inbound', address: safeAddress(address), reason })
  })
}

function handshakeFault(error: unknown): SafeText {
  const { name, code, message } = seen(error)
  const known = HANDSHAKE_FAULTS.find(([pattern]) => pattern.test(`${name} ${code} ${message}`))
  return known?.[1] ?? explain(error, { stage: 'encrypt' }).cause
}
