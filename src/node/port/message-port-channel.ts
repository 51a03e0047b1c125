/** The channel as the node's thread has it; worker-thread.ts is the other end. */
import type { Cancel } from '../../core/clock.ts'
import { say } from '../../core/safe-text.ts'
import type { Channel, ChannelListener } from './wire.ts'

/** What a MessagePort, a worker's `parentPort` and a Worker have in common. */
export interface MessagePortLike {
  postMessage(message: unknown): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'close', listener: () => void): unknown
  off(event: 'message' | 'close', listener: (message: unknown) => void): unknown
}

/** A channel over a port of node:worker_threads; lost when the other side closes it. */
export function messagePortChannel<Out>(port: MessagePortLike): Channel<Out> {
  return {
    send: message => port.postMessage(message),
    open: (listener: ChannelListener): Cancel => {
      const message = (data: unknown): void => listener.message(data)
      const close = (): void =>
        listener.lost({
          stage: 'request',
          cause: say`The other thread closed the channel`,
          hint: say`Start p2p-tui again`,
        })
      port.on('message', message)
      port.on('close', close)
      return () => {
        port.off('message', message)
        port.off('close', close)
      }
    },
  }
}
