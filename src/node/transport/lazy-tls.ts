import {
  type ConnectionEncrypter,
  type MessageStream,
  type SecureConnectionOptions,
  serviceCapabilities,
} from '@libp2p/interface'
import type { Libp2pOptions } from 'libp2p'
import { closeInsideOut } from './close-inside-out.ts'

type EncrypterFactory = NonNullable<Libp2pOptions['connectionEncrypters']>[number]

/**
 * TLS 1.3 as libp2p uses it, offered from the start and loaded for the first peer that wants it: nearly all speak
 * noise, and what reads certificates is large.
 *
 * @see https://github.com/libp2p/specs/blob/master/tls/tls.md
 */
export const lazyTls: EncrypterFactory = components => {
  let loading: Promise<ConnectionEncrypter> | undefined
  const load = (): Promise<ConnectionEncrypter> => {
    loading ??= import('@libp2p/tls').then(({ tls }) => tls()(components))
    return loading
  }
  const encrypter: ConnectionEncrypter & { [serviceCapabilities]: string[] } = {
    protocol: '/tls/1.0.0',
    [serviceCapabilities]: ['@libp2p/connection-encryption'],
    secureInbound: async (raw, options) =>
      secured(raw, await (await load()).secureInbound(raw, anyPeer(options))),
    secureOutbound: async (raw, options) =>
      secured(raw, await (await load()).secureOutbound(raw, anyPeer(options))),
  }
  return encrypter
}

/** Who it is gets compared after the handshake (`provenPeers`), which says who answered; this library does not. */
function anyPeer(options: SecureConnectionOptions = {}): SecureConnectionOptions {
  const { remotePeer: _, ...rest } = options
  return rest
}

function secured<T extends { connection: MessageStream }>(raw: MessageStream, result: T): T {
  closeInsideOut(raw, result.connection)
  return result
}
