import { describe, expect, it } from 'vitest'
import { RequestFailed, STAGES, type Stage } from '../../../src/core/failure.ts'
import { say } from '../../../src/core/safe-text.ts'
import { type Context, explain } from '../../../src/node/errors/explain.ts'

/** An error as libp2p throws it: told apart by name, code and message. */
const error = (name: string, message = '', code?: string) =>
  Object.assign(new Error(message), { name, ...(code !== undefined && { code }) })

const A = '12D3KooWELEFkhNb6wqc6rFMkYhuCA52Q9n1QF2DeEQo52h5t3MQ'
const B = '12D3KooWAiZR9Uq38rTuJdC8149pbTiYaGgEoXnDpE98v2hZR6Rj'
const at = (stage: Stage, more: Partial<Context> = {}): Context => ({ stage, ...more })
const TIMEOUT = 'The operation was aborted due to timeout'

describe('each kind of error becomes a stage and a cause', () => {
  it.each<[string, unknown, Context, Stage, RegExp]>([
    [
      'refused port',
      error('Error', 'connection error 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1', 'ECONNREFUSED'),
      at('connect'),
      'connect',
      /Nothing listens at 127\.0\.0\.1:1: the connection was refused/,
    ],
    ['no route', error('Error', '', 'EHOSTUNREACH'), at('connect'), 'connect', /No way there.*EHOSTUNREACH/],
    ['no network', error('Error', '', 'ENETUNREACH'), at('connect'), 'connect', /No way there.*ENETUNREACH/],
    ['the system gives up', error('Error', '', 'ETIMEDOUT'), at('connect'), 'connect', /No answer/],
    ['forbidden', error('Error', '', 'EPERM'), at('connect'), 'connect', /system forbids/],
    [
      'no descriptors left',
      error('Error', '', 'EMFILE'),
      at('connect'),
      'connect',
      /no file descriptors left/,
    ],
    ['link-local without zone', error('Error', '', 'EINVAL'), at('connect'), 'connect', /does not take/],
    [
      'more than 25 addresses',
      error('DialError', 'Peer had more than maxPeerAddrsToDial'),
      at('connect'),
      'connect',
      /more addresses than are tried/,
    ],
    [
      'wrong Peer ID over noise',
      error(
        'EncryptionFailedError',
        `Payload identity key ${A} does not match expected remote identity key ${B}`,
      ),
      at('encrypt'),
      'encrypt',
      new RegExp(`Another peer answers there: ${A} instead of ${B}`),
    ],
    [
      'wrong Peer ID by our own comparison',
      error('WrongPeerError', `Dialed peer ${B} but connected to ${A}`),
      at('encrypt'),
      'encrypt',
      new RegExp(`Another peer answers there: ${A} instead of ${B}`),
    ],
    [
      'forged key over noise',
      error('EncryptionFailedError', 'Invalid payload signature'),
      at('encrypt'),
      'encrypt',
      /does not have the key that it shows/,
    ],
    [
      'forged key over TLS',
      error('EncryptionFailedError', 'Could not verify signature'),
      at('encrypt'),
      'encrypt',
      /does not have the key that it shows/,
    ],
    [
      'old TLS certificate',
      error('EncryptionFailedError', 'The certificate has expired'),
      at('encrypt'),
      'encrypt',
      /certificate is not valid at this time/,
    ],
    [
      'wrong Peer ID over QUIC',
      error('Error', `Dialed peer ${B} but connected to ${A}`),
      at('connect'),
      'encrypt',
      new RegExp(`Another peer answers there: ${A} instead of ${B}`),
    ],
    [
      'not libp2p',
      error('EncryptionFailedError', 'Unexpected EOF - stream closed while reading 27/72 bytes'),
      at('encrypt'),
      'encrypt',
      /does not speak libp2p/,
    ],
    [
      'cut off without a word',
      error('EncryptionFailedError', 'Encryption failed'),
      at('encrypt'),
      'encrypt',
      /turns us away/,
    ],
    [
      'no common encrypter',
      error('EncryptionFailedError', 'Protocol selection failed - could not negotiate /noise'),
      at('encrypt'),
      'encrypt',
      /no encryption in common/,
    ],
    [
      'encryption fails otherwise',
      error('EncryptionFailedError', 'bad tag'),
      at('connect'),
      'encrypt',
      /bad tag/,
    ],
    [
      'remote has no muxer',
      error('MuxerUnavailableError', 'Error: read ECONNRESET'),
      at('multiplex'),
      'multiplex',
      /no muxer in common/,
    ],
    ['bad multiaddr 1', error('ValidationError', 'x'), at('target'), 'target', /Not a usable address: x/],
    [
      'bad multiaddr 2',
      error('InvalidMultiaddrError', 'x'),
      at('target'),
      'target',
      /Not a usable address: x/,
    ],
    [
      'bad multiaddr 3',
      error('InvalidParametersError', 'x'),
      at('target'),
      'target',
      /Not a usable address: x/,
    ],
    [
      'bad multiaddr 4',
      error('UnknownProtocolError', 'x'),
      at('target'),
      'target',
      /Not a usable address: x/,
    ],
    [
      'raw string',
      new TypeError('multiaddrs[0].getComponents is not a function'),
      at('target'),
      'target',
      /not an address/,
    ],
    [
      'self dial',
      error('InvalidPeerIdError', 'Can not dial self'),
      at('encrypt'),
      'target',
      /this node itself/,
    ],
    [
      'self dial from the queue',
      error('DialError', 'Tried to dial self'),
      at('queue'),
      'target',
      /this node itself/,
    ],
    [
      'no transport',
      error('NoValidAddressesError'),
      at('resolve'),
      'resolve',
      /TCP, WebSocket, QUIC and Unix sockets can be dialed/,
    ],
    [
      'no transport left',
      error('TransportUnavailableError'),
      at('connect'),
      'resolve',
      /TCP, WebSocket, QUIC and Unix sockets can be dialed/,
    ],
    [
      'unknown Peer ID',
      error('NoValidAddressesError'),
      at('resolve', { knownAddresses: 0 }),
      'resolve',
      /No address of this peer is known/,
    ],
    [
      'Peer ID with addresses of other kinds',
      error('NoValidAddressesError'),
      at('resolve', { knownAddresses: 3 }),
      'resolve',
      /None of the 3 addresses known/,
    ],
    [
      'no such name',
      error('Error', 'connection error x.invalid:1: getaddrinfo ENOTFOUND x.invalid', 'ENOTFOUND'),
      at('connect'),
      'resolve',
      /No such name: x\.invalid/,
    ],
    [
      'DNS server away',
      error('Error', 'connection error x.example:1: getaddrinfo EAI_AGAIN x.example', 'EAI_AGAIN'),
      at('connect'),
      'resolve',
      /could not be looked up: x\.example/,
    ],
    ['out of time', new DOMException(TIMEOUT, 'TimeoutError'), at('connect'), 'connect', /No answer in time/],
    [
      'out of time, of the deadline',
      new DOMException(TIMEOUT, 'TimeoutError'),
      at('encrypt', { cancelled: true }),
      'encrypt',
      /said nothing that libp2p understands/,
    ],
    [
      'out of time while encrypting',
      error('EncryptionFailedError', TIMEOUT),
      at('connect'),
      'encrypt',
      /said nothing/,
    ],
    [
      'out of time while multiplexing',
      error('MuxerUnavailableError', `Error: ${TIMEOUT}`),
      at('connect'),
      'multiplex',
      /in time/,
    ],
    [
      "out of time, in the transport's words",
      error('AbortError'),
      at('connect'),
      'connect',
      /No answer in time/,
    ],
    [
      'out of time in the queue',
      new DOMException(TIMEOUT, 'TimeoutError'),
      at('queue'),
      'request',
      /Out of time/,
    ],
    [
      'cancelled',
      new DOMException('', 'AbortError'),
      at('encrypt', { cancelled: true }),
      'request',
      /Cancelled/,
    ],
    ['cancelled for a reason', new Error('mine'), at('connect', { cancelled: true }), 'request', /Cancelled/],
    ['our rules: peer', error('DialDeniedError'), at('resolve'), 'target', /Our own rules/],
    [
      'our rules: connection',
      error('ConnectionInterceptedError', 'blocked by gater.denyOutboundConnection'),
      at('connect'),
      'connect',
      /Our own rules.*denyOutboundConnection/,
    ],
    [
      'cut early',
      error('Error', 'connect ECONNRESET', 'ECONNRESET'),
      at('connect'),
      'connect',
      /cut the connection at once/,
    ],
    [
      'cut early, while encrypting',
      error('EncryptionFailedError', 'read ECONNRESET'),
      at('connect'),
      'encrypt',
      /cut the connection at once/,
    ],
    ['cut late', error('ConnectionClosedError'), at('established'), 'established', /refused us/],
    [
      'unsupported protocol',
      error('UnsupportedProtocolError', 'Protocol selection failed - could not negotiate /chat/1'),
      at('protocol'),
      'protocol',
      /does not speak \/chat\/1/,
    ],
    [
      'unsupported protocol, unnamed',
      error('UnsupportedProtocolError'),
      at('exchange'),
      'protocol',
      /this protocol/,
    ],
    ['dial queue full', error('DialError', 'Dial queue is full'), at('queue'), 'queue', /Too many dials/],
    ['never started', error('NotStartedError'), at('queue'), 'request', /not running/],
    [
      'stopped',
      error('TimeoutError', 'This operation was aborted'),
      at('connect', { stopped: true }),
      'request',
      /not running/,
    ],
    ['stream reset', error('StreamResetError'), at('exchange'), 'exchange', /closed the stream/],
    ['connection gone', error('MuxerClosedError'), at('protocol'), 'protocol', /connection has closed/],
    [
      'too many streams',
      error('TooManyOutboundProtocolStreamsError'),
      at('protocol'),
      'protocol',
      /Too many streams/,
    ],
    ['limited relay', error('LimitedConnectionError'), at('protocol'), 'protocol', /relay/],
    [
      'no answer on a stream',
      new DOMException('', 'TimeoutError'),
      at('exchange'),
      'exchange',
      /did not answer in time/,
    ],
  ])('%s', (_, thrown, context, stage, cause) => {
    const failure = explain(thrown, context)
    expect(failure.stage).toBe(stage)
    expect(failure.cause).toMatch(cause)
    expect(failure.hint).not.toBe('')
    expect(Object.keys(failure).sort()).toEqual(['cause', 'hint', 'stage'])
  })
})

describe('several errors, one an address', () => {
  const refused = error('Error', 'connection error 127.0.0.1:1: x', 'ECONNREFUSED')
  const notLibp2p = error('EncryptionFailedError', 'Unexpected EOF')

  it('are explained by the one that came furthest, whatever their order', () => {
    for (const errors of [
      [refused, notLibp2p],
      [notLibp2p, refused],
    ]) {
      expect(explain(new AggregateError(errors, 'All multiaddr dials failed'), at('encrypt'))).toMatchObject({
        stage: 'encrypt',
        cause:
          'None of 2 addresses worked. The one that came furthest: What answers there does not speak libp2p, or turns us away',
      })
    }
  })

  it('are one when there is one', () => {
    expect(explain(new AggregateError([refused]), at('connect')).cause).toMatch(/^Nothing listens/)
  })

  it('are a cancellation when the person cancelled', () => {
    const errors = new AggregateError([refused, notLibp2p])
    expect(explain(errors, at('connect', { cancelled: true })).cause).toBe('Cancelled')
  })
})

describe('whatever is thrown', () => {
  it('keeps a failure that is explained already', () => {
    const failure = { stage: 'request', cause: say`why`, hint: say`what` } as const
    expect(explain(new RequestFailed(failure), at('connect'))).toEqual(failure)
  })

  it.each([
    undefined,
    null,
    42,
    '',
    {},
    Symbol('x'),
    new AggregateError([]),
    Object.defineProperty({}, 'message', {
      get() {
        throw new Error('trap')
      },
    }),
  ])('has a cause and a hint: %s', thrown => {
    expect(explain(thrown, at('connect'))).toEqual({
      stage: 'connect',
      cause: 'It failed without a reason',
      hint: 'Try again',
    })
  })

  it('never brings escape sequences or endless text of the other side to a screen', () => {
    const evil = `\x1b]0;pwn\x07\u202Eevil${'x'.repeat(10_000)}`
    const thrown = [
      error('Error', evil),
      error('EncryptionFailedError', evil),
      error('ValidationError', evil),
      error('ConnectionInterceptedError', evil),
      error('UnsupportedProtocolError', `could not negotiate ${evil}`),
      error(
        'EncryptionFailedError',
        `identity key ${evil} does not match expected remote identity key ${evil}`,
      ),
      error('Error', `connection error ${evil}: x`, 'ECONNREFUSED'),
      error('Error', `getaddrinfo ENOTFOUND ${evil}`, 'ENOTFOUND'),
    ]
    for (const stage of STAGES) {
      for (const each of [...thrown, new AggregateError(thrown)]) {
        const { cause, hint } = explain(each, at(stage))
        expect(`${cause}${hint}`).not.toMatch(/[\p{Cc}\p{Cf}]/u)
        expect(cause.length).toBeLessThan(1_000)
      }
    }
  })
})
