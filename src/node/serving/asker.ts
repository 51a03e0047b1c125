import { AsyncLocalStorage } from 'node:async_hooks'
import type { Connection } from '@libp2p/interface'
import { shareOf } from '../limits/host.ts'

/** Whom a handler of ours is answering. */
export interface Asker {
  /** Who pays for what is spent: see {@link ownerOf}. */
  readonly owner: string
  /** Counts one more request on a stream that carries many. @throws {TooMuchError} when that is one too many */
  request(): void
}

const asking = new AsyncLocalStorage<Asker>()

/**
 * Whom the code that runs now is answering, however deep in a library it is: libp2p passes a Peer ID at best, and Peer
 * IDs are free to make. Undefined: nobody, it runs for ourselves.
 */
export function currentAsker(): Asker | undefined {
  return asking.getStore()
}

/** Runs something on behalf of an asker. */
export function answering<T>(asker: Asker, run: () => T): T {
  return asking.run(asker, run)
}

/**
 * Who pays for what a connection makes us spend: the host at its other end. All that comes through one relay pays
 * together, as whoever is behind it can be many peers; so does all that comes over Unix sockets.
 */
export function ownerOf({ remoteAddr }: Pick<Connection, 'remoteAddr'>): string {
  return shareOf(remoteAddr)
}
