/** Errors on the way to a connection: names, transports, encryption, muxers. */
import { safeText, say } from '../../core/safe-text.ts'
import { byCode, byName, type Row, type Saying, stageOf, where, words } from './row.ts'

const NOT_LIBP2P = 'Check that libp2p listens on that port, and not another service'

/** What noise, QUIC and our own comparison say when another peer answers. */
const WRONG_PEER =
  /identity key (?<found>\S+) does not match expected remote identity key (?<wanted>\S+)|Dialed peer (?<dialed>\S+) but connected to (?<answered>\S+)/

/** What noise and TLS say of one that shows a key that is not its own. */
const FORGED = /Invalid payload signature|Could not verify signature|Invalid certificate self signature/

/** Rows of the error table for the way to a connection; asked after those of our own side. */
export const connectRows: readonly Row[] = [
  byName(['NameScopeError'], undefined, ({ message }) => ({
    stage: 'resolve',
    cause: say`${safeText(/\S+ leads to .*$/.exec(message)?.[0] ?? message)}, where nobody outside may send us`,
    hint: say`If you trust the name, dial the whole address: what a person gives is dialed wherever it leads`,
  })),
  byCode(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA'], error => ({
    stage: 'resolve',
    cause: say`No such name${named(error.message)}`,
    hint: say`Check the spelling, or dial the IP address`,
  })),
  byCode(['EAI_AGAIN', 'EAI_FAIL', 'ESERVFAIL', 'ETIMEOUT'], error => ({
    stage: 'resolve',
    cause: say`The name could not be looked up${named(error.message)}: the DNS server does not answer`,
    hint: say`Check the network, or dial the IP address`,
  })),
  byCode(['ECONNREFUSED'], error => ({
    stage: 'connect',
    cause: say`Nothing listens${where(error)}: the connection was refused`,
    hint: say`Check the port, and that the other side is running`,
  })),
  byCode(['ENOENT', 'ENOTSOCK'], error => ({
    stage: 'connect',
    cause: say`There is no socket${where(error)}`,
    hint: say`Check the path, and that the other side is running`,
  })),
  byCode(['ETIMEDOUT'], error => ({
    stage: 'connect',
    cause: say`No answer${where(error)}`,
    hint: say`Check that the other side runs and that no firewall drops the packets`,
  })),
  byCode(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL'], error => ({
    stage: 'connect',
    cause: say`No way there from this machine${where(error)} (${safeText(error.code)})`,
    hint: say`Check that both are on the same network; an IPv6 address needs IPv6 here too`,
  })),
  byCode(
    ['EACCES', 'EPERM'],
    words('connect', 'The system forbids this connection', 'Check the firewall of this machine'),
  ),
  byCode(
    ['EMFILE', 'ENFILE', 'ENOBUFS'],
    words(
      'connect',
      'There are no file descriptors left for a connection',
      'Hang up on some peers, or restart with a higher ulimit -n',
    ),
  ),
  byCode(
    ['EINVAL'],
    words('connect', 'The system does not take this address', 'A link-local IPv6 address needs its zone'),
  ),
  {
    matches: error => ['ECONNRESET', 'EPIPE'].includes(error.code) || /E(CONNRESET|PIPE)/.test(error.message),
    says: (error, context) =>
      error.name === 'MuxerUnavailableError'
        ? noMuxer()
        : {
            stage: stageOf(error, context),
            cause: say`The other side cut the connection at once`,
            hint: say`It may not allow this peer or address, limit how often one may dial, be full, or not be libp2p`,
          },
  },
  byName(['EncryptionFailedError', 'Error', 'WrongPeerError'], WRONG_PEER, error => wrongPeer(error.message)),
  byName(
    ['EncryptionFailedError', 'InvalidCryptoExchangeError'],
    FORGED,
    words(
      'encrypt',
      'What answers there does not have the key that it shows: the signature is wrong',
      'Do not trust it: it, or something on the way to it, poses as another peer',
    ),
  ),
  byName(
    ['EncryptionFailedError', 'InvalidCertificateError'],
    /certificate (is not valid yet|has expired)/,
    words('encrypt', 'Its TLS certificate is not valid at this time', 'Check the clocks of both machines'),
  ),
  byName(
    ['EncryptionFailedError'],
    /could not negotiate/,
    words(
      'encrypt',
      'It speaks neither noise nor TLS: no encryption in common',
      'Have the other side offer noise or TLS',
    ),
  ),
  byName(
    ['EncryptionFailedError'],
    /Unexpected EOF|Missing newline|Encryption failed|multistream|length/,
    words('encrypt', 'What answers there does not speak libp2p, or turns us away', NOT_LIBP2P),
  ),
  byName(['EncryptionFailedError', 'InvalidCryptoExchangeError'], undefined, error => ({
    stage: 'encrypt',
    cause: say`The encryption failed: ${safeText(error.message, 256)}`,
    hint: say`${safeText(NOT_LIBP2P)}`,
  })),
  byName(['MuxerUnavailableError'], undefined, () => noMuxer()),
  byName(
    ['WebSocketFailedError'],
    undefined,
    words(
      'connect',
      'The WebSocket did not open: what listens there is no WebSocket, or has no valid certificate',
      'Check the port, that it is the one for WebSocket, and with /tls/ws the name in the address',
    ),
  ),
  byName(['QuicMissingError'], undefined, () => noQuic()),
]

/** What is said where QUIC cannot be loaded. */
export const noQuic = words(
  'connect',
  `QUIC binary missing for this platform (${process.platform}-${process.arch})`,
  'Use TCP or WebSocket, or install the program anew with its optional dependencies',
)

const noMuxer = words(
  'multiplex',
  'It has no muxer in common with us: no streams are possible',
  'Have the other side offer yamux',
)

function named(message: string) {
  const name = /(?:getaddrinfo|query\w*) \w+ (\S+)/.exec(message)?.[1]
  return name === undefined ? say`` : say`: ${safeText(name)}`
}

function wrongPeer(message: string): Saying {
  const { found, wanted, answered = found, dialed = wanted } = WRONG_PEER.exec(message)?.groups ?? {}
  return {
    stage: 'encrypt',
    cause: say`Another peer answers there: ${safeText(answered)} instead of ${safeText(dialed)}`,
    hint: say`The address may be out of date. If the other peer is the one you want, dial it by its own Peer ID`,
  }
}
