import type { Failure } from '../../core/failure.ts'
import { type SafeText, safeMessage, safeText, say } from '../../core/safe-text.ts'

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

/** Why an address could not be listened on, and what to try next. */
export function listenFailure(address: string, error: unknown): Failure {
  const {
    code,
    name = '',
    message = '',
  } = (error ?? {}) as { code?: string; name?: string; message?: string }
  const known = code === undefined ? undefined : SYSTEM_CODES[code]
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
  if (name === 'UnsupportedListenAddressesError') {
    return {
      stage: 'start',
      cause: say`There is no transport for this kind of address`,
      hint: say`Use TCP, e.g. /ip4/0.0.0.0/tcp/0`,
    }
  }
  return { stage: 'start', cause: safeMessage(message.split('\n')[0]), hint: say`Choose another address` }
}
