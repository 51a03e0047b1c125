import type { PeerId, PeerInfo } from '@libp2p/interface'
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import type { Clock } from '../../../core/clock.ts'
import { ANSWER_WITHIN_MS, K } from '../../routing/limits.ts'
import { Lookup, type Question } from '../../routing/lookup.ts'
import { placeOfKey } from '../../routing/places.ts'
import { OWN_HOST, OWN_PORT, tcp } from '../addresses.ts'
import type { FakePeer } from '../cast.ts'
import type { FakeNetwork } from '../network.ts'
import { FakeRecords } from './fake-records.ts'
import { closestTo, type FakeServer, FakeServers } from './fake-servers.ts'
import type { FakeTable } from './fake-table.ts'
import { wait } from './wait.ts'

const PATH = { index: 0, queued: 0, running: 0, total: 0 }
/** A dial with its handshakes takes so many round trips, before the one of the question. */
const DIAL_ROUND_TRIPS = 3

/** What it is made of. */
export interface FakeKadParts {
  network: FakeNetwork
  servers: readonly FakePeer[]
  table: FakeTable
  clock: Clock
}

type Message = 'FIND_NODE' | 'GET_PROVIDERS' | 'GET_VALUE' | 'ADD_PROVIDER' | 'PUT_VALUE'
type Options = { signal: AbortSignal }

/**
 * The operations of a DHT whose servers are made up: the lookups, the routing and what is said about them are the real
 * ones; distance, time and death are not.
 */
export class FakeKad {
  readonly #parts: FakeKadParts
  readonly #self: PeerInfo
  readonly #servers: FakeServers
  readonly #records: FakeRecords
  /** Values of a key, by whoever has them: as the real one has it. */
  readonly contentFetching = { getMany: (key: Uint8Array, options: Options) => this.#getMany(key, options) }

  constructor(parts: FakeKadParts) {
    this.#parts = parts
    this.#self = {
      id: peerIdFromString(parts.network.self),
      multiaddrs: [multiaddr(tcp(OWN_HOST, OWN_PORT))],
    }
    this.#servers = new FakeServers(parts.servers)
    this.#records = new FakeRecords(this.#servers.infos)
  }

  /** The same, as what asks a DHT takes it. */
  get dht(): KadDHT {
    return this as unknown as KadDHT
  }

  async *findPeer(id: PeerId, options: Options): AsyncGenerator<QueryEvent> {
    for await (const event of this.#lookup(id.toMultihash().bytes, 'FIND_NODE', options)) {
      yield event
      const found = event.name === 'PEER_RESPONSE' && event.closer.find(peer => peer.id.equals(id))
      if (found) yield finalPeer(found)
    }
  }

  async *getClosestPeers(key: Uint8Array, options: Options): AsyncGenerator<QueryEvent> {
    for (const peer of yield* this.#closest(key, options)) yield finalPeer(peer)
  }

  async *provide(cid: CID, options: Options): AsyncGenerator<QueryEvent> {
    const key = cid.multihash.bytes
    const peers = yield* this.#closest(key, options)
    yield* this.#leave(peers, 'ADD_PROVIDER', options, ({ id }) =>
      this.#records.addProvider(key, id, this.#self),
    )
  }

  async cancelReprovide(cid: CID): Promise<void> {
    this.#records.removeProvider(cid.multihash.bytes, this.#self)
  }

  async *findProviders(cid: CID, options: Options): AsyncGenerator<QueryEvent> {
    const key = cid.multihash.bytes
    for await (const event of this.#lookup(key, 'GET_PROVIDERS', options)) {
      yield event
      if (event.name !== 'PEER_RESPONSE' || event.providers.length === 0) continue
      yield { name: 'PROVIDER', from: event.from, providers: event.providers, path: PATH } as QueryEvent
    }
  }

  async *put(key: Uint8Array, value: Uint8Array, options: Options): AsyncGenerator<QueryEvent> {
    const peers = yield* this.#closest(key, options)
    yield* this.#leave(peers, 'PUT_VALUE', options, ({ id }) => this.#records.put(key, id, value), {
      key,
      value,
    })
  }

  async *#getMany(key: Uint8Array, options: Options): AsyncGenerator<QueryEvent> {
    for await (const event of this.#lookup(key, 'GET_VALUE', options)) {
      yield event
      if (event.name !== 'PEER_RESPONSE' || event.record === undefined) continue
      yield { name: 'VALUE', from: event.from, value: event.record.value, path: PATH } as QueryEvent
    }
  }

  /** Walks there; the k closest of those that answered. */
  async *#closest(key: Uint8Array, options: Options): AsyncGenerator<QueryEvent, PeerInfo[]> {
    const answered: PeerInfo[] = []
    for await (const event of this.#lookup(key, 'FIND_NODE', options)) {
      yield event
      if (event.name === 'PEER_RESPONSE') answered.push(this.#servers.of(event.from).info)
    }
    return closestTo(placeOfKey(key), answered).slice(0, K)
  }

  #lookup(key: Uint8Array, message: Message, { signal }: Options): AsyncGenerator<QueryEvent> {
    const { clock, table } = this.#parts
    const start = table.peers().map(peerId => this.#servers.of(peerIdFromString(peerId)).info)
    return new Lookup({
      clock,
      self: this.#self.id,
      goal: placeOfKey(key),
      start,
      ask: question => this.#ask(question, key, message),
      meet: async () => true,
      answered: id => {
        table.answered(this.#servers.of(id).peer)
      },
      failed: id => table.failed(this.#servers.of(id).peer.peerId),
      signal,
    }).run()
  }

  async *#ask(
    { peer: { id }, signal }: Question,
    key: Uint8Array,
    message: Message,
  ): AsyncGenerator<QueryEvent> {
    const server = this.#servers.of(id)
    yield* this.#send(server, message, signal)
    const record = this.#records.get(key, id)
    yield {
      name: 'PEER_RESPONSE',
      messageName: message,
      from: id,
      closer: this.#servers.closerTo(placeOfKey(key), server),
      providers: message === 'GET_PROVIDERS' ? this.#records.providers(key, id) : [],
      ...(message === 'GET_VALUE' && record !== undefined ? { record: { key, value: record } } : {}),
      path: PATH,
    } as unknown as QueryEvent
  }

  /** Leaves something with each of them, the nearest first. */
  async *#leave(
    peers: readonly PeerInfo[],
    message: Message,
    { signal }: Options,
    store: (peer: PeerInfo) => void,
    record?: { key: Uint8Array; value: Uint8Array },
  ): AsyncGenerator<QueryEvent> {
    for (const info of peers)
      yield { name: 'SEND_QUERY', to: info.id, messageName: message, path: PATH } as QueryEvent
    const servers = peers.map(({ id }) => this.#servers.of(id)).sort((a, b) => a.peer.rttMs - b.peer.rttMs)
    let passed = 0
    for (const { peer, info } of servers) {
      await wait(this.#parts.clock, peer.rttMs - passed, signal)
      passed = peer.rttMs
      store(info)
      yield {
        name: 'PEER_RESPONSE',
        messageName: message,
        from: info.id,
        closer: [],
        record,
        path: PATH,
      } as unknown as QueryEvent
    }
  }

  /** A question on its way; settles when it is answered. @throws when it never is */
  async *#send(server: FakeServer, message: Message, signal: AbortSignal): AsyncGenerator<QueryEvent> {
    const { peer, info } = server
    yield { name: 'SEND_QUERY', to: info.id, messageName: message, path: PATH } as QueryEvent
    if (!peer.online) {
      await wait(this.#parts.clock, ANSWER_WITHIN_MS, signal)
      throw new DOMException('It did not answer in time', 'TimeoutError')
    }
    await wait(this.#parts.clock, peer.rttMs * (server.dialed ? 1 : 1 + DIAL_ROUND_TRIPS), signal)
    server.dialed = true
  }
}

function finalPeer(peer: PeerInfo): QueryEvent {
  return { name: 'FINAL_PEER', from: peer.id, peer, path: PATH } as QueryEvent
}
