import type { Connection, Libp2p, MultiaddrConnection } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import type { AnyLimit, Limits } from '../../core/limit-terms.ts'
import { type SafeText, safeAddress, safeText, say } from '../../core/safe-text.ts'
import type { Account } from '../../core/swarm/connections.ts'
import { whenClosed } from '../closing.ts'
import { AcceptGate } from './accept-gate.ts'
import { Accounts, type Overdrawn } from './accounts.ts'
import { CoolDown } from './cool-down.ts'
import { DescriptorWatch } from './descriptor-watch.ts'
import { Descriptors, type OpenFiles, openFiles } from './descriptors.ts'
import { type AllLimits, fitLimits } from './fit-limits.ts'
import { hostOf } from './host.ts'
import { Lingering } from './lingering.ts'
import { memoryBytes } from './memory.ts'
import { OffenderReport } from './offender-report.ts'
import { Offenders } from './offenders.ts'
import { Pruner } from './pruner.ts'
import { reached } from './reached.ts'
import { Refusals } from './refusals.ts'
import { type Use, UseSampler } from './use-sampler.ts'

/** What limits are kept with. */
export interface NodeLimitsOptions {
  clock: Clock
  /** What was asked for; a machine with few file descriptors has less. */
  asked: Limits
  emit(event: NewEvent): void
  /** The raw connection that a connection was made from, by its timeline; undefined: it is not known. */
  rawOf?(timeline: object): MultiaddrConnection | undefined
  /** @default those of this process */
  files?: OpenFiles
  /** Bytes. @default what this process may use */
  memory?: number
}

/** Something that exceeds a limit, and what was done about it. */
export type Excess = Omit<NewEvent<'limit:exceeded'>, 'type'>

/** What is there once the node is built. */
export interface LimitedNode {
  libp2p: Pick<Libp2p, 'getDialQueue' | 'addEventListener' | 'removeEventListener'>
  connections(): Iterable<Connection>
  /** Whether a person or a reservation needs the connections to a peer. */
  isWanted(peerId: SafeText): boolean
  /** Called before a connection is closed for want of room. */
  closing(connection: Connection, reason: SafeText): void
  /** Called before a connection is closed for exceeding a limit. */
  cutting(connection: Connection, reason: SafeText): void
}

/** The limits of a node: keeps to them, tells of what they refuse, of who exceeds them and of how much of them is used. */
export class NodeLimits {
  /** Those that hold. */
  readonly most: AllLimits
  /** Asked about each socket, and for libp2p's `connectionGater`. */
  readonly gate: AcceptGate
  readonly refusals: Refusals
  readonly lingering: Lingering
  readonly #options: NodeLimitsOptions
  readonly #watch: DescriptorWatch
  readonly #open = new Map<SafeText, 'inbound' | 'outbound'>()
  /** Peers that a person dialed, and that are connected still. */
  readonly #asked = new Set<SafeText>()
  readonly #accounts: Accounts
  readonly #coolDown: CoolDown
  readonly #descriptors: Descriptors
  readonly #offenders: Offenders
  readonly #report: OffenderReport
  #outbound = 0
  #node: LimitedNode | undefined
  #pruner: Pruner | undefined
  #sampler: UseSampler | undefined

  /** @throws {TooFewDescriptorsError} where there is no room for a node */
  constructor(options: NodeLimitsOptions) {
    const { clock, asked, emit, files = openFiles(), memory = memoryBytes() } = options
    this.#options = options
    this.#descriptors = new Descriptors(files)
    const fitted = fitLimits(asked, { memory, descriptors: this.#descriptors })
    this.most = fitted.most
    this.#watch = new DescriptorWatch(this.#descriptors, emit, fitted.notice)
    this.refusals = new Refusals({ clock, emit })
    this.lingering = new Lingering(clock)
    this.#accounts = new Accounts({ clock, most: this.most, handshakes: () => this.gate.handshakes() })
    this.#coolDown = new CoolDown(clock)
    this.#offenders = new Offenders({
      clock,
      waitMs: host => this.#coolDown.remainingMs(host),
      isConnected: (peerId, closed) => this.#accounts.isConnected(peerId, closed),
    })
    this.#report = new OffenderReport({ clock, emit })
    this.gate = new AcceptGate({
      clock,
      most: this.most,
      descriptors: this.#descriptors,
      coolDown: this.#coolDown,
      outbound: () => this.#outbound,
      refused: (limit, from) =>
        void this.refused(limit, { direction: 'inbound', address: safeAddress(from) }, from),
      acceptFailed: error => this.#watch.acceptFailed(error),
      failed: (from, why) => this.#cameToNothing(from, why === 'late' ? this.#why('handshake') : LEFT),
    })
  }

  /** Called when the node has started. */
  start(node: LimitedNode): void {
    const { clock, emit } = this.#options
    const { libp2p, connections, isWanted, closing } = node
    this.#node = node
    emit({ type: 'limits:set', ...this.most })
    this.#watch.start()
    libp2p.addEventListener('connection:open', this.#onOpen)
    this.#pruner = new Pruner({
      most: this.most.connections,
      connections,
      isWanted: peerId => this.#asked.has(peerId) || isWanted(peerId),
      closing: connection => closing(connection, this.#why('connections')),
    })
    const measure = () => this.#sample(libp2p.getDialQueue().length)
    this.#sampler = new UseSampler({ clock, emit, most: this.most, measure })
  }

  /**
   * Tells of a connection that a limit refused.
   *
   * @param from where it came from, if it came to us
   * @returns why, in words
   */
  refused(
    limit: AnyLimit,
    about: Pick<NewEvent<'connection:refused'>, 'direction' | 'address' | 'peerId' | 'requestId'>,
    from?: Multiaddr,
  ): SafeText {
    const host = from === undefined ? undefined : hostOf(from)
    const reason = this.#why(limit, host)
    this.refusals.tell({ type: 'connection:refused', ...about, reason, limit })
    if (about.direction === 'inbound') {
      this.#offenders.add({ limit, action: 'refused', ...hostField(host), reason })
    }
    return reason
  }

  /** Tells of a connection of others that came to nothing in its handshake, and of which nobody has told yet. */
  handshakeFailed(from: Multiaddr | undefined, reason: SafeText): void {
    if (from === undefined || !this.gate.hasTold(from)) this.#cameToNothing(from, reason)
  }

  /** Tells of a stream that a limit refused. */
  streamRefused(of: Pick<NewEvent<'stream:refused'>, 'peerId' | 'connectionId'>): void {
    const limit = 'streams'
    const reason = this.#why(limit)
    this.refusals.tell({ type: 'stream:refused', ...of, reason, limit })
    const { host } = this.#accounts.ownerOf(of.connectionId ?? '') ?? {}
    this.#offenders.add({ limit, action: 'refused', host, ...of, reason })
  }

  /**
   * Tells of something that exceeds a limit. To be called for each: the first of an offender is told at once, those that
   * follow are counted. Who it is need not be said where the connection is.
   *
   * With the action `closed` its host has to wait before it may come again. The caller closes the connection.
   */
  exceeded(excess: Excess): void {
    const owner = this.#accounts.ownerOf(excess.connectionId ?? '')
    const peerId = excess.peerId ?? owner?.peerId
    const host = excess.host ?? owner?.host ?? (peerId && this.#accounts.hostOfPeer(peerId))
    const whole = { ...excess, ...(peerId !== undefined && { peerId }), ...(host !== undefined && { host }) }
    this.refusals.tell({ type: 'limit:exceeded', ...whole })
    this.#offenders.add(whole)
    if (excess.action === 'closed' && host !== undefined) this.#coolDown.exceeded(host)
  }

  /** A person wants to be connected to this peer: its connections are not pruned while they last. */
  asked(peerId: SafeText): void {
    this.#asked.add(peerId)
  }

  /** A peer has lost its last connection. */
  peerLeft(peerId: SafeText): void {
    this.#asked.delete(peerId)
  }

  /** Told of every event of the node. */
  heard(event: NewEvent): void {
    if (event.type === 'connection:opened') this.#opened(event)
    else if (event.type === 'connection:closed') this.#closed(event)
    this.#accounts.heard(event)
  }

  /** Who has most of this node now: the first few hosts, peers, connections and protocols, whoever has most first. */
  accounts(): Account[] {
    return this.#accounts.largest()
  }

  stop(): void {
    this.#sampler?.stop()
    this.#node?.libp2p.removeEventListener('connection:open', this.#onOpen)
    this.refusals.stop()
    this.lingering.stop()
  }

  /** Before the event of ours, so that what comes first on a connection has its account. */
  readonly #onOpen = ({ detail }: CustomEvent<Connection>): void => {
    this.gate.opened(detail.timeline)
    this.#accounts.opened(detail, this.#options.rawOf?.(detail.timeline))
    whenClosed(detail, () => this.#accounts.closed(safeText(detail.id)))
  }

  #opened({ connectionId, direction }: NewEvent<'connection:opened'>): void {
    this.#open.set(connectionId, direction)
    if (direction === 'outbound') this.#outbound += 1
    this.#pruner?.opened(this.#open.size)
  }

  #closed({ connectionId }: NewEvent<'connection:closed'>): void {
    if (this.#open.get(connectionId) === 'outbound') this.#outbound -= 1
    this.#open.delete(connectionId)
  }

  #cameToNothing(from: Multiaddr | undefined, reason: SafeText): void {
    const host = from === undefined ? undefined : hostOf(from)
    this.refusals.tell({
      type: 'connection:refused',
      direction: 'inbound',
      ...(from !== undefined && { address: safeAddress(from) }),
      reason,
    })
    this.#offenders.add({ limit: 'handshake', action: 'refused', ...hostField(host), reason })
  }

  #why(limit: AnyLimit, host?: string): SafeText {
    return reached(limit, this.most, host === undefined ? 0 : this.#coolDown.remainingMs(host))
  }

  #sample(dials: number): Use {
    this.#descriptors.count()
    this.#watch.counted()
    const { streams, hostStreams, buffered, allBuffered, overdrawn } = this.#accounts.sample()
    for (const one of overdrawn) this.#close(one)
    this.#report.tell(this.#offenders.current())
    const inbound = this.#open.size - this.#outbound
    return {
      connections: this.#open.size,
      inbound,
      perHost: this.gate.mostOfOne.taken,
      pending: this.gate.pending,
      dials,
      streams,
      hostPending: this.gate.mostOfOne.pending,
      hostStreams,
      buffered: coarse(buffered),
      allBuffered: coarse(allBuffered),
      ...(this.most.descriptors !== undefined && { descriptors: this.#descriptors.used }),
    }
  }

  #close({ connection, connectionId, limit }: Overdrawn): void {
    const reason = this.#why(limit)
    this.#node?.cutting(connection, reason)
    this.exceeded({ limit, action: 'closed', connectionId, reason })
    connection.abort(new Error(reason))
  }
}

const LEFT = say`It disconnected before sending anything that this node understands`

function hostField(host: string | undefined): { host?: SafeText } {
  return host === undefined ? {} : { host: safeText(host) }
}

/** Figures of what waits change all the time: to the next step they stay the same at rest. */
const STEP_BYTES = 64 * 1024

function coarse(bytes: number): number {
  return Math.round(bytes / STEP_BYTES) * STEP_BYTES
}
