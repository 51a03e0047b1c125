/** Errors on a connection that stands: it goes away, or a stream on it does not work. */
import { safeText, say } from '../../core/safe-text.ts'
import { byName, type Row, words } from './row.ts'

/** Rows of the error table for a connection that stands; asked after all others. */
export const streamRows: readonly Row[] = [
  byName(
    ['ConnectionClosedError', 'ConnectionClosingError', 'MuxerClosedError'],
    undefined,
    (_, { stage }) =>
      stage === 'protocol' || stage === 'exchange'
        ? words(stage, 'The connection has closed', 'Dial the peer again')()
        : refused(),
  ),
  byName(['UnsupportedProtocolError'], /could not negotiate (.+)/, error => ({
    stage: 'protocol',
    cause: say`It does not speak ${safeText(/could not negotiate (.+)/.exec(error.message)?.[1])}`,
    hint: say`The connection is fine; this is not possible with this peer`,
  })),
  byName(
    ['UnsupportedProtocolError'],
    undefined,
    words(
      'protocol',
      'It does not speak this protocol',
      'The connection is fine; this is not possible with this peer',
    ),
  ),
  byName(
    ['StreamResetError', 'StreamAbortedError', 'StreamStateError', 'StreamClosedError', 'UnexpectedEOFError'],
    undefined,
    words(undefined, 'It closed the stream', 'Try again; the connection is fine'),
  ),
  byName(
    ['InvalidDataLengthError', 'InvalidDataLengthLengthError', 'BadMessageError'],
    undefined,
    words(undefined, 'It sends a longer message than is read', 'The connection is fine; this peer is not'),
  ),
  byName(
    ['TooManyOutboundProtocolStreamsError', 'TooManyInboundProtocolStreamsError'],
    undefined,
    words('protocol', 'Too many streams of this protocol are open', 'Wait a moment, then try again'),
  ),
  byName(
    ['LimitedConnectionError'],
    undefined,
    words('protocol', 'The connection goes over a relay that limits it', 'Dial the peer directly'),
  ),
]

/** A connection that stood and was cut before the other side showed that it takes us. */
export const refused = words(
  'established',
  'It refused us: the connection stood and was cut at once',
  'It may not allow this peer, or be full. Ask the one who runs it',
)
