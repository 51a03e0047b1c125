import { type ConnectionEncrypter, serviceCapabilities } from '@libp2p/interface'
import type { Libp2pOptions } from 'libp2p'

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
    secureInbound: async (stream, options) => (await load()).secureInbound(stream, options),
    secureOutbound: async (stream, options) => (await load()).secureOutbound(stream, options),
  }
  return encrypter
}
