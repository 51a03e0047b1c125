import type { Connection, IdentifyResult, Stream } from '@libp2p/interface'
import { say } from '../../../core/safe-text.ts'
import { idsOf } from '../../bus/bus-context.ts'
import { IDENTIFY_DEADLINE_MS } from '../../bus/identify-watch.ts'
import { insidesOf } from '../../insides.ts'
import { ownerOf } from '../../serving/asker.ts'
import { Rates } from '../../serving/rates.ts'
import { Answering } from './answering.ts'
import { begin } from './begin.ts'
import { directTo } from './direct.ts'
import { DCUTR, mute } from './exchange.ts'
import type { PunchContext } from './punch-context.ts'
import { PunchError } from './punch-error.ts'
import { PunchReport } from './punch-report.ts'

/**
 * So many holes are punched for those who come over one relay: each is up to 32 dials to addresses that the other side
 * chooses, and a relay can bring as many peers as it makes up.
 */
const PUNCHES = { burst: 16, perSecond: 0.1 }

/**
 * Hole punching (https://github.com/libp2p/specs/blob/master/relay/DCUtR.md): tries to make each relayed connection a
 * direct one, and says how that goes.
 *
 * libp2p has a service for it, which cannot work behind a router: it tells others confirmed addresses only, which
 * nobody behind a router has, it dials from a port that the router gives another hole, and its dials forget which side
 * is to be the initiator. This one speaks the same protocol.
 */
export class Punching {
  readonly #context: PunchContext
  readonly #stopping = new AbortController()
  /** Relayed connections that we have dialed, and how their other side's tries go. */
  readonly #answers = new WeakMap<Connection, Answering>()
  readonly #rates: Rates
  /** Relayed connections that were seen to; identify may tell of one again. */
  readonly #seen = new WeakSet<Connection>()

  /** Begins to watch for relayed connections, and to answer. */
  static async start(context: Omit<PunchContext, 'stopping'>): Promise<Punching> {
    const punching = new Punching(context)
    const onStream = (stream: Stream, relayed: Connection): Promise<void> => punching.#answer(stream, relayed)
    await insidesOf(context.libp2p).registrar.handle(DCUTR, onStream, {
      runOnLimitedConnection: true,
      maxInboundStreams: 1,
      maxOutboundStreams: 1,
    })
    context.libp2p.addEventListener('connection:open', punching.#onOpen)
    context.libp2p.addEventListener('peer:identify', punching.#onIdentify)
    return punching
  }

  private constructor(context: Omit<PunchContext, 'stopping'>) {
    this.#context = { ...context, stopping: this.#stopping.signal }
    this.#rates = new Rates(context.clock, PUNCHES)
  }

  /** Breaks off what is under way. */
  async stop(): Promise<void> {
    const { libp2p } = this.#context
    libp2p.removeEventListener('connection:open', this.#onOpen)
    libp2p.removeEventListener('peer:identify', this.#onIdentify)
    this.#stopping.abort()
    await insidesOf(libp2p).registrar.unhandle(DCUTR)
  }

  /** Some peers never identify themselves over a relay: they are asked all the same. */
  readonly #onOpen = ({ detail: connection }: CustomEvent<Connection>): void => {
    if (connection.direct || connection.direction !== 'inbound') return
    const late = this.#context.clock.after(IDENTIFY_DEADLINE_MS, () => {
      if (!this.#stopping.signal.aborted) this.#ready(connection, true)
    })
    connection.addEventListener('close', late, { once: true })
  }

  /** Identify tells that a relayed connection is ready, and whether its other side speaks DCUtR. */
  readonly #onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
    this.#ready(detail.connection, detail.protocols.includes(DCUTR))
  }

  #ready(connection: Connection, speaks: boolean): void {
    if (connection.direct || this.#seen.has(connection)) return
    if (directTo(this.#context.libp2p, connection.remotePeer) !== undefined) return
    this.#seen.add(connection)
    if (connection.direction === 'inbound' && !this.#mayBegin(connection)) return
    if (connection.direction === 'inbound') void this.#begin(connection, speaks)
    else if (speaks) this.#answering(connection)
    // The other side is to begin. If it does not know how, nobody does.
    else new PunchReport(this.#context, connection).failed(mute())
  }

  /** False, and told: too many have come over this relay of late. */
  #mayBegin(relayed: Connection): boolean {
    if (this.#rates.take(ownerOf(relayed))) return true
    this.#context.exceeded({
      limit: 'punches',
      action: 'refused',
      ...idsOf(relayed),
      reason: say`More than ${PUNCHES.burst} hole punches at once for peers of its relay`,
    })
    return false
  }

  async #begin(relayed: Connection, speaks: boolean): Promise<void> {
    const report = new PunchReport(this.#context, relayed)
    report.started()
    try {
      report.succeeded(await begin(this.#context, { relayed, speaks, report }))
    } catch (error) {
      report.failed(error)
    }
  }

  async #answer(stream: Stream, relayed: Connection): Promise<void> {
    const answering = this.#answering(relayed)
    // Once it is over no stream makes us dial again: what is dialed is the other side's choice.
    if (relayed.direct || answering.over) stream.abort(new PunchError('garbled', 'there is nothing to punch'))
    else await answering.answer(stream)
  }

  #answering(relayed: Connection): Answering {
    const known = this.#answers.get(relayed)
    if (known !== undefined) return known
    const answering = new Answering(this.#context, relayed)
    this.#answers.set(relayed, answering)
    return answering
  }
}
