import type { Connection, Stream } from '@libp2p/interface'
import { type Ping, type PingComponents, type PingInit, ping } from '@libp2p/ping'
import { Allowance } from '../../core/allowance.ts'
import type { Clock } from '../../core/clock.ts'
import { formatCount } from '../../core/format.ts'
import { safeText, say } from '../../core/safe-text.ts'
import { hostOf } from '../limits/host.ts'
import type { Excess } from '../limits/node-limits.ts'

/** As many pings of one connection as are answered at once, and each second after that. */
export const PINGS = { burst: 3_000, perSecond: 1_000 }
const PING_BYTES = 32

/** What answering pings needs. */
export interface PingAnswersContext {
  clock: Clock
  /** Told of who pings so often that answers wait. */
  exceeded(excess: Excess): void
}

/**
 * libp2p's ping service with answers of our own. Its own answers hang when a ping and the end of its stream have come
 * before the stream is read, as those of a DHT's table do: such a stream stayed open until a time limit, and ten of them
 * are all that one connection may have.
 */
export function pingService(
  init: PingInit,
  context: PingAnswersContext,
): (components: PingComponents) => Ping {
  const make = ping(init)
  const answers = new PingAnswers(context)
  return components => Object.assign(make(components), { handlePing: answers.answer })
}

/** Answers the pings of others, at the pace of {@link PINGS}. */
export class PingAnswers {
  readonly #context: PingAnswersContext
  readonly #paces = new WeakMap<Connection, Allowance>()

  constructor(context: PingAnswersContext) {
    this.#context = context
  }

  /**
   * Sends back what comes, until the other side has no more: 32 bytes a ping, as many pings as it likes one after the
   * other (https://github.com/libp2p/specs/blob/master/ping/ping.md). While it takes no answers, and while it pings
   * faster than it may, its pings are not read.
   */
  readonly answer = (stream: Stream, connection: Connection): void => {
    const pace = this.#paceOf(connection)
    let cancel = (): void => {}
    let waits = 0
    let ended = stream.remoteWriteStatus === 'closed'
    const wait = (begin: (over: () => void) => void): void => {
      waits += 1
      // Both this and resuming throw on a stream that is closing.
      if (stream.readStatus === 'readable') stream.pause()
      begin(() => {
        waits -= 1
        if (waits > 0) return
        if (stream.readStatus === 'paused') stream.resume()
        if (ended) finish(stream)
      })
    }
    stream.addEventListener('message', ({ data }) => {
      const goesOut = stream.writeStatus !== 'writable' || stream.send(data)
      if (!goesOut) wait(over => stream.addEventListener('drain', over, { once: true }))
      const waitMs = pace.owe(data.byteLength / PING_BYTES)
      if (waitMs === 0) return
      this.#tell(connection)
      wait(over => {
        cancel = this.#context.clock.after(waitMs, over)
      })
    })
    stream.addEventListener('remoteCloseWrite', () => {
      ended = true
      finish(stream)
    })
    stream.addEventListener('close', () => cancel())
    if (ended) finish(stream)
  }

  #paceOf(connection: Connection): Allowance {
    const known = this.#paces.get(connection)
    if (known !== undefined) return known
    const pace = new Allowance(this.#context.clock, PINGS.burst, PINGS.perSecond)
    this.#paces.set(connection, pace)
    return pace
  }

  #tell({ id, remotePeer, remoteAddr }: Connection): void {
    const host = hostOf(remoteAddr)
    this.#context.exceeded({
      limit: 'pings',
      action: 'delayed',
      ...(host === undefined ? {} : { host: safeText(host) }),
      peerId: safeText(remotePeer.toString()),
      connectionId: safeText(id),
      reason: say`It pings more than ${formatCount(PINGS.perSecond)} times a second: its answers wait`,
    })
  }
}

/** Closes our side as well, once everything that has come is answered. */
function finish(stream: Stream): void {
  // What waits to be read is handed over in a turn of its own. A stream that is paused comes back here.
  setImmediate(() => {
    if (stream.status !== 'open' || stream.readBufferLength > 0) return
    stream.close().catch((error: Error) => stream.abort(error))
  })
}
