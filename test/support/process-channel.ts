import type { Cancel } from '../../src/core/clock.ts'
import { say } from '../../src/core/safe-text.ts'
import type { Channel, ChannelListener } from '../../src/node/port/wire.ts'

/** What a child process and the `process` of that child have in common: Node's channel between the two. */
export interface Messenger {
  send?(message: object): unknown
  connected?: boolean | undefined
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect', listener: () => void): unknown
  off(event: 'message' | 'disconnect', listener: (message: unknown) => void): unknown
}

/** The port's messages between a process and its child, which was spawned with `ipc`. Lost when either ends. */
export function processChannel<Out extends object>(messenger: Messenger): Channel<Out> {
  return {
    send: message => {
      if (messenger.connected) messenger.send?.(message)
    },
    open: (listener: ChannelListener): Cancel => {
      const message = (data: unknown): void => listener.message(data)
      const lost = (): void =>
        listener.lost({ stage: 'request', cause: say`The other process ended`, hint: say`Start it again` })
      messenger.on('message', message)
      messenger.on('disconnect', lost)
      return () => {
        messenger.off('message', message)
        messenger.off('disconnect', lost)
      }
    },
  }
}
