/** What relays answer (specs: relay/circuit-v2.md), and what comes of asking one that is none. */
import { safeText, say } from '../../core/safe-text.ts'
import { byName, type Row, words } from './row.ts'

const STATUS = /(reservation failed|failed to connect via relay) with status (\S+)/
const HOP = /could not negotiate \/libp2p\/circuit\/relay\/0\.2\.0\/hop/
const LIMITED = 'It passes connections on for those only whom it allows'

const NO_RELAY = words(
  'protocol',
  'It is no relay: it does not pass connections on for others',
  'Choose another relay; one of ours is started with --relay-server',
)

/** By what was asked and what the relay answered. */
const ANSWERS: Readonly<Record<string, ReturnType<typeof words>>> = {
  'reservation failed RESERVATION_REFUSED': words(
    'protocol',
    'The relay refused the reservation: it has none left',
    'Try again later, or at another relay',
  ),
  'reservation failed RESOURCE_LIMIT_EXCEEDED': words(
    'protocol',
    'The relay is at its limits',
    'Try again later, or at another relay',
  ),
  'reservation failed PERMISSION_DENIED': words(
    'protocol',
    'The relay does not allow us a reservation',
    LIMITED,
  ),
  'failed to connect via relay NO_RESERVATION': words(
    'connect',
    'The peer has no reservation at this relay, or is not connected to it any more',
    'Have it reserve there, or dial it at another address',
  ),
  'failed to connect via relay PERMISSION_DENIED': words(
    'connect',
    'The relay does not allow us to connect through it',
    LIMITED,
  ),
  'failed to connect via relay RESOURCE_LIMIT_EXCEEDED': words(
    'connect',
    'The relay is at its limits',
    'Try again later, or through another relay',
  ),
  'failed to connect via relay CONNECTION_FAILED': words(
    'connect',
    'The relay could not get through to the peer',
    'Check that the peer still runs',
  ),
}

/** Rows of the error table for relays; asked before those of streams, whose errors some of them are. */
export const relayRows: readonly Row[] = [
  {
    matches: ({ message }) => STATUS.test(message),
    says: error => {
      const [, asked = '', status = ''] = STATUS.exec(error.message) ?? []
      const known = ANSWERS[`${asked} ${status}`]
      return (
        known?.() ?? {
          cause: say`The relay answered ${safeText(status)}`,
          hint: say`Try again later, or at another relay`,
        }
      )
    },
  },
  byName(['UnsupportedProtocolError'], HOP, NO_RELAY),
  byName(['ListenError'], /previously invalid/, NO_RELAY),
  byName(
    ['ListenError'],
    /self as relay/,
    words('target', 'That is this node itself', 'Reserve at another relay'),
  ),
  byName(
    ['DoubleRelayError'],
    undefined,
    words(
      'protocol',
      'The relay itself is only reached through a relay',
      'Give an address at which it can be reached directly',
    ),
  ),
  byName(
    ['DurationLimitError', 'TransferLimitError'],
    undefined,
    words(
      'exchange',
      "The relay's limit for one connection is used up",
      'Dial again, or dial the peer directly',
    ),
  ),
]
