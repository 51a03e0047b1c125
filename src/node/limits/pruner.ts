import type { Connection } from '@libp2p/interface'
import type { SafeText } from '../../core/safe-text.ts'
import { safeText } from '../../core/safe-text.ts'

/** A graceful end may take so long, in ms; then the connection is cut. */
const CLOSE_WITHIN_MS = 1_000

/** Streams that run by themselves on most connections, and say nothing of their use. */
const BY_ITSELF = /^\/ipfs\/(id|ping)\/|^\/libp2p\/(autonat|dcutr)/

/** What pruning works with. */
export interface PrunerOptions {
  /** Open connections, of both directions. */
  most: number
  /** All that are open. */
  connections(): Iterable<Connection>
  /** Whether the connections to a peer are to stay, whatever happens. */
  isWanted(peerId: SafeText): boolean
  /** Called before a connection is closed. */
  closing(connection: Connection): void
}

/**
 * Closes connections that are too many, the least useful first, and never one that is wanted. Others are turned away at
 * the door (`InboundGate`), so it takes dials of ours to come here.
 */
export class Pruner {
  readonly #options: PrunerOptions
  /** Ids of those that are on their way out. */
  readonly #leaving = new Set<string>()

  constructor(options: PrunerOptions) {
    this.#options = options
  }

  /** Called when one more is open; `open`: how many there are. */
  opened(open: number): void {
    for (let left = open - this.#leaving.size; left > this.#options.most; left -= 1) {
      const victim = this.#leastUseful()
      if (victim === undefined) return
      void this.#close(victim)
    }
  }

  #leastUseful(): Connection | undefined {
    let worst: Connection | undefined
    for (const connection of this.#options.connections()) {
      if (this.#leaving.has(connection.id)) continue
      if (this.#options.isWanted(safeText(connection.remotePeer.toString()))) continue
      if (worst === undefined || isLessUseful(connection, worst)) worst = connection
    }
    return worst
  }

  async #close(connection: Connection): Promise<void> {
    this.#leaving.add(connection.id)
    this.#options.closing(connection)
    try {
      await connection.close({ signal: AbortSignal.timeout(CLOSE_WITHIN_MS) })
    } catch (error) {
      connection.abort(error instanceof Error ? error : new Error('pruned'))
    } finally {
      this.#leaving.delete(connection.id)
    }
  }
}

/**
 * Those in use stay longer than idle ones, and those that we opened longer than those of others. Among connections of
 * others the newest goes, as whoever floods us is new; among ours the oldest, as the newest was just wanted.
 */
function isLessUseful(a: Connection, b: Connection): boolean {
  if (inUse(a) !== inUse(b)) return !inUse(a)
  if (a.direction !== b.direction) return a.direction === 'inbound'
  return a.direction === 'inbound' ? a.timeline.open > b.timeline.open : a.timeline.open < b.timeline.open
}

function inUse({ streams }: Connection): boolean {
  return streams.some(({ protocol }) => protocol !== '' && !BY_ITSELF.test(protocol))
}
