import type { PeerStore } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import type { Clock } from '../../core/clock.ts'
import type { Id, NewEvent } from '../../core/events.ts'
import { RequestFailed } from '../../core/failure.ts'
import type { Params, Result } from '../../core/requests.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { parsePeerId } from '../dial/target.ts'
import type { EventHub } from '../port/event-hub.ts'
import type { RequestContext } from '../port/run-request.ts'
import type { PeerNote, PeerNotes } from '../profile/peer-notes.ts'
import { Keeper, type KeeperOptions } from './keeper.ts'
import { giveName } from './pet-names.ts'

/** What plans are made with. */
export interface PeerPlansOptions {
  clock: Clock
  hub: Pick<EventHub, 'state'>
  emit(event: NewEvent): void
  notes: PeerNotes
  peerStore: Pick<PeerStore, 'delete' | 'has'>
  /** Called for a peer that is forgotten. */
  forget(peerId: SafeText): void
  dial: KeeperOptions['dial']
  /** True: nobody is dialed. */
  paused?: boolean
}

/** What a person wants of peers beyond this moment: names, connections that stay, and that a peer is forgotten. */
export class PeerPlans {
  readonly #options: PeerPlansOptions
  readonly #keeper: Keeper

  constructor(options: PeerPlansOptions) {
    const { clock, emit, dial, paused = false } = options
    this.#options = options
    this.#keeper = new Keeper({ clock, emit, dial, paused, isConnected: peerId => this.#isConnected(peerId) })
  }

  /** Tells of the names and kept connections of earlier runs, and takes these up again. */
  tell(): void {
    const { notes, emit } = this.#options
    for (const [id, { name, keep }] of notes.all()) {
      const peerId = safeText(id)
      if (name !== undefined) emit({ type: 'name:given', peerId, name: safeText(name) })
      if (keep === true) this.#keeper.keep(peerId)
    }
  }

  /** @throws {RequestFailed} at stage `target`: no such peer or no such name; at `request`: it could not be written */
  async name(params: Params<'name'>, { requestId }: RequestContext): Promise<Result<'name'>> {
    const { hub, emit } = this.#options
    const keepName = (peerId: SafeText, name: SafeText | undefined) =>
      this.#write(peerId, ({ name: _, ...note }) => (name === undefined ? note : { ...note, name }))
    const peerId = checked(params.peerId)
    return await giveName(
      { hub: { emit, state: hub.state }, keepName },
      { peerId, words: params.name },
      requestId,
    )
  }

  /** @throws {RequestFailed} at stage `target`: no such peer; at `request`: it could not be written */
  async keep({ peerId: words, on }: Params<'keep'>, { requestId }: RequestContext): Promise<Result<'keep'>> {
    const peerId = checked(words)
    if (!on) {
      await this.letGo(peerId, say`You let it go`, requestId)
      return { peerId, kept: false }
    }
    await this.#write(peerId, note => ({ ...note, keep: true }))
    this.#keeper.keep(peerId, requestId)
    return { peerId, kept: true }
  }

  /** Ends keeping a peer's connection. @returns whether it was kept */
  async letGo(peerId: SafeText, reason: SafeText, requestId: Id): Promise<boolean> {
    const wasKept = this.#keeper.letGo(peerId, reason, requestId)
    if (wasKept) await this.#write(peerId, ({ keep: _, ...note }) => note)
    return wasKept
  }

  /** @throws {RequestFailed} at stage `target`: nobody known, or it is connected; at `request`: it could not be written */
  async forget(
    { peerId: words }: Params<'forget'>,
    { requestId }: RequestContext,
  ): Promise<Result<'forget'>> {
    const peerId = checked(words)
    const { hub, emit, notes, peerStore, forget } = this.#options
    const id = peerIdFromString(peerId)
    if (!hub.state.peers.has(peerId) && !(await peerStore.has(id))) throw unknown(peerId)
    if (this.#isConnected(peerId)) throw connected()
    this.#keeper.letGo(peerId, say`You forgot it`, requestId)
    try {
      await peerStore.delete(id)
      await notes.delete(peerId)
    } catch (error) {
      throw notWritten(error)
    }
    forget(peerId)
    emit({ type: 'peer:forgotten', requestId, peerId, asked: true })
    return { peerId }
  }

  /** Told of every event of the node, after its state has changed. */
  heard(event: NewEvent): void {
    this.#keeper.heard(event)
  }

  stop(): void {
    this.#keeper.stop()
  }

  #isConnected(peerId: SafeText): boolean {
    return (this.#options.hub.state.peers.get(peerId)?.connectionIds.length ?? 0) > 0
  }

  async #write(peerId: SafeText, change: (before: PeerNote) => PeerNote): Promise<void> {
    try {
      await this.#options.notes.change(peerId, change)
    } catch (error) {
      throw notWritten(error)
    }
  }
}

function checked(words: string): SafeText {
  const id = parsePeerId(words)
  if (id !== undefined) return safeText(id.toString())
  throw new RequestFailed({
    stage: 'target',
    cause: say`${safeText(words)} is not a Peer ID`,
    hint: say`Copy the whole of it: 12D3KooW... or Qm...`,
  })
}

function unknown(peerId: SafeText): RequestFailed {
  return new RequestFailed({
    stage: 'target',
    cause: say`Nothing is known of ${peerId}`,
    hint: say`Only peers in the list can be forgotten`,
  })
}

function connected(): RequestFailed {
  return new RequestFailed({
    stage: 'target',
    cause: say`It is connected: it would be known again at once`,
    hint: say`Hang up first, then forget it`,
  })
}

function notWritten(error: unknown): RequestFailed {
  return new RequestFailed(
    {
      stage: 'request',
      cause: say`It cannot be written to the profile: ${safeText(error)}`,
      hint: say`Check that the disk has room; until then it holds for this run only`,
    },
    { cause: error },
  )
}
