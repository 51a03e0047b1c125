import { withoutPeerId } from '../../core/address.ts'
import type { Failure } from '../../core/failure.ts'
import { ADDRESS_LENGTH, joinSafe, type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'
import { noQuic } from '../errors/connect-rows.ts'

/** What the operating system says when it refuses to listen, in a person's words. */
const SYSTEM_CODES: Readonly<Record<string, readonly [cause: SafeText, hint: SafeText]>> = {
  EADDRINUSE: [
    say`The port is taken by another program`,
    say`Choose another port, or port 0 for any that is free`,
  ],
  EADDRNOTAVAIL: [
    say`This machine does not have that address`,
    say`Listen on 0.0.0.0 for all its addresses, or on one that it has`,
  ],
  EACCES: [
    say`Not allowed: ports below 1024 are for privileged programs`,
    say`Choose a port above 1023, or port 0 for any that is free`,
  ],
  EAFNOSUPPORT: [say`This machine has no such address family`, say`Leave this address out`],
}

/** The same from QUIC, whose errors carry no such code. */
const QUIC_WORDS: readonly (readonly [RegExp, code: string])[] = [
  [/address already in use/i, 'EADDRINUSE'],
  [/(cannot|can't) assign requested address/i, 'EADDRNOTAVAIL'],
  [/permission denied/i, 'EACCES'],
]

/** What is different about a path. */
const PATH_CODES: typeof SYSTEM_CODES = {
  EADDRINUSE: [
    say`Something is at that path already`,
    say`Choose another path, or remove what is there if no program uses it`,
  ],
  // What the system says of a directory that is not there comes out as this, too.
  EACCES: [
    say`No socket can be made there: there is no such directory, or it may not be written to`,
    say`Make the directory, or choose one that is yours`,
  ],
  EINVAL: [say`The path is too long for a socket`, say`Choose a shorter one`],
}

/** Why an address could not be listened on, and what to try next. */
export function listenFailure(address: string, error: unknown): Failure {
  const {
    code,
    name = '',
    message = '',
  } = (error ?? {}) as { code?: string; name?: string; message?: string }
  const codes = address.startsWith('/unix/') ? PATH_CODES : SYSTEM_CODES
  const known = codes[QUIC_WORDS.find(([said]) => said.test(message))?.[1] ?? code ?? '']
  if (known !== undefined) return { stage: 'start', cause: known[0], hint: known[1] }
  if (
    !address.startsWith('/') ||
    /^(ValidationError|InvalidMultiaddrError|InvalidParametersError)$/.test(name)
  ) {
    return {
      stage: 'target',
      cause: say`"${safeText(address)}" is not a multiaddr`,
      hint: say`An address to listen on reads like /ip4/0.0.0.0/tcp/0`,
    }
  }
  if (name === 'UnsupportedListenAddressesError' && /\/(tls\/ws|wss)\b/.test(address)) {
    return {
      stage: 'start',
      cause: say`A secure WebSocket needs a certificate, and this node has none`,
      hint: say`Listen on /ws, behind a proxy that adds TLS`,
    }
  }
  if (name === 'UnsupportedListenAddressesError') {
    return {
      stage: 'start',
      cause: say`There is no transport for this kind of address`,
      hint: say`Use TCP, WebSocket, QUIC or a Unix socket: /ip4/0.0.0.0/tcp/0, .../tcp/0/ws, /ip4/0.0.0.0/udp/0/quic-v1, /unix/...`,
    }
  }
  if (name === 'QuicMissingError') return { ...noQuic(), stage: 'start' }
  return { stage: 'start', cause: safeMessage(message.split('\n')[0]), hint: say`Choose another address` }
}

/** Why nothing can be closed at an address, and which addresses there are. */
export function notListening(address: string, addresses: readonly SafeText[]): Failure {
  return {
    stage: 'target',
    cause: say`This node does not listen on ${safeText(address, ADDRESS_LENGTH)}`,
    hint:
      addresses.length === 0
        ? say`It does not listen anywhere`
        : say`It listens on ${joinSafe(addresses.map(withoutPeerId), ', ')}`,
  }
}
