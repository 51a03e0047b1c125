import { type Listener, type ListenerEvents, TypedEventEmitter } from '@libp2p/interface'
import { expect, it } from 'vitest'
import type { TransportFactory } from '../../../src/node/transport/lazy-transport.ts'
import { handshakesSideBySide } from '../../../src/node/transport/quic-handshakes.ts'

/** A listener like QUIC's: each of those who wait takes one handshake after the other. */
class OneByOne extends TypedEventEmitter<ListenerEvents> {
  waiting = 0

  async listen(): Promise<void> {
    void this.awaitInboundConnections()
    this.safeDispatchEvent('listening')
  }

  async awaitInboundConnections(): Promise<void> {
    this.waiting += 1
  }
}

it.each([1, 2, 400])('%i handshakes are under way at once, and no more', async most => {
  const listener = new OneByOne()
  const factory = (() => ({ createListener: () => listener })) as unknown as TransportFactory
  const transport = handshakesSideBySide(factory, most)({} as Parameters<TransportFactory>[0])
  const made: Listener = transport.createListener({} as never)
  await made.listen({} as never)
  expect(listener.waiting).toBe(most)
})
