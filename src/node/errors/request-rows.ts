/** Errors that come from us: the target's words, the node's state, a cancelled request, our own rules. */
import type { Stage } from '../../core/failure.ts'
import { safeMessage, say } from '../../core/safe-text.ts'
import { tooFewDescriptors } from '../limits/descriptors.ts'
import { byName, type Row, type Saying, stageOf, words } from './row.ts'
import { seen } from './seen.ts'

/** libp2p takes no more dials: too many are under way or wait. */
export function isQueueFull(error: unknown): boolean {
  return QUEUE_FULL.test(seen(error).message)
}

const QUEUE_FULL = /queue is full/

const ABORTS = ['AbortError', 'TimeoutError']

/** Rows of the error table for our own side; asked before all others. */
export const requestRows: readonly Row[] = [
  {
    matches: (_, context) => context.stopped === true,
    says: words('request', 'The node is not running', 'Start it again'),
  },
  byName(['NotStartedError'], undefined, words('request', 'The node is not running', 'Start it again')),
  byName(['TooFewDescriptorsError'], undefined, tooFewDescriptors),
  // Once it runs, what lacks one says so itself.
  {
    matches: (error, { stage }) => stage === 'start' && /^E[MN]FILE$/.test(error.code),
    says: tooFewDescriptors,
  },
  {
    matches: (error, context) => context.cancelled === true && error.name !== 'TimeoutError',
    says: words('request', 'Cancelled', 'Ask again when you like'),
  },
  {
    // What the transport throws when an address has used up its time looks like a cancellation: nobody cancelled.
    matches: error => ABORTS.includes(error.name) || /aborted due to timeout/.test(error.message),
    says: (error, context) => (LATE[stageOf(error, context)] ?? late)(),
  },
  byName(
    ['InvalidPeerIdError', 'DialError'],
    /dial self/,
    words('target', 'That is this node itself', 'Dial another peer'),
  ),
  // libp2p marks a relay for as long as its reservation lasts, and trips over one that lasts no time at all.
  byName(
    ['InvalidParametersError'],
    /^Tag ttl must be/,
    words(
      'protocol',
      'The reservation that the relay granted is over already',
      'The clock of one of both machines is wrong: compare them (date -u)',
    ),
  ),
  byName(
    ['ValidationError', 'InvalidMultiaddrError', 'InvalidParametersError', 'UnknownProtocolError'],
    undefined,
    error => ({
      stage: 'target',
      cause: say`Not a usable address: ${safeMessage(error.message)}`,
      hint: say`Write it like /ip4/192.168.1.2/tcp/4001 or /dns4/host.example/tcp/4001`,
    }),
  ),
  byName(
    ['TypeError'],
    /getComponents/,
    words('target', 'The target is not an address', 'Write it like /ip4/192.168.1.2/tcp/4001'),
  ),
  byName(['NoValidAddressesError', 'TransportUnavailableError'], undefined, (_, { knownAddresses }) =>
    noAddress(knownAddresses),
  ),
  byName(
    ['DialDeniedError'],
    undefined,
    words('target', 'Our own rules forbid to dial it', 'Allow the peer or the address, then dial again'),
  ),
  byName(['ConnectionInterceptedError'], undefined, error => ({
    cause: say`Our own rules cut the connection: ${safeMessage(error.message)}`,
    hint: say`Allow the peer or the address, then dial again`,
  })),
  byName(
    ['DialError'],
    QUEUE_FULL,
    words(
      'queue',
      'Too many dials wait already',
      'Wait until some have ended, or start with a higher --max-dials',
    ),
  ),
  byName(
    ['DialError'],
    /maxPeerAddrsToDial/,
    words(
      'connect',
      'It has more addresses than are tried in one dial, and none of those tried worked',
      'Dial one address that you know to be right',
    ),
  ),
]

const wait = 'Check that the other side runs and that no firewall drops the packets'

const late = words('request', 'Out of time', 'Try again, with more time')

/** What running out of time means at each stage. */
const LATE: Partial<Record<Stage, () => Saying>> = {
  resolve: words('resolve', 'The name was not resolved in time', 'Check the name and the DNS server'),
  connect: words('connect', 'No answer in time: the connection did not open', wait),
  encrypt: words(
    'encrypt',
    'It accepted the connection, then said nothing that libp2p understands',
    'Check that libp2p listens on that port, and not another service',
  ),
  multiplex: words('multiplex', 'It did not agree on a muxer in time', wait),
  protocol: words('protocol', 'It did not agree on the protocol in time', 'Try again; it may be busy'),
  exchange: words('exchange', 'It did not answer in time', 'Try again; it may be busy'),
}

function noAddress(knownAddresses: number | undefined): Saying {
  if (knownAddresses === undefined) {
    return words(
      'resolve',
      'No transport for this kind of address: TCP, WebSocket, QUIC and Unix sockets can be dialed',
      'Give an address with /tcp/, /ws, /quic-v1 or /unix/',
    )()
  }
  if (knownAddresses === 0) {
    return words(
      'resolve',
      'No address of this peer is known',
      'Give an address with the Peer ID at its end: /ip4/.../tcp/.../p2p/...',
    )()
  }
  return {
    stage: 'resolve',
    cause: say`None of the ${knownAddresses} addresses known can be dialed: there is no transport for them`,
    hint: say`Give an address with /tcp/, /ws, /quic-v1 or /unix/`,
  }
}
