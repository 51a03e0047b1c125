import { peerIdFromString } from '@libp2p/peer-id'
import type { Params, Result } from '../../../core/requests.ts'
import type { RequestContext } from '../../port/run-request.ts'
import type { QueryTools } from '../../routing/one-query.ts'
import { planOf } from '../../routing/plan.ts'
import { Providing } from '../../routing/providing.ts'
import { runQuery } from '../../routing/run-query.ts'
import { readCid } from '../../routing/subject.ts'
import { FakeKad, type FakeKadParts } from './fake-kad.ts'

/** What asks the made-up DHT: by the real rules, for servers that exist nowhere. Nothing outlives the run. */
export class FakeRouting {
  readonly #kad: FakeKad
  readonly #tools: QueryTools
  readonly #providing: Providing

  constructor(parts: FakeKadParts) {
    const { network, clock } = parts
    this.#kad = new FakeKad(parts)
    const self = peerIdFromString(network.self)
    this.#tools = { dht: this.#kad.dht, self, clock, emit: network.emit }
    this.#providing = new Providing({
      clock,
      emit: network.emit,
      notes: { load: async () => new Map(), put: async () => {}, delete: async () => {} },
      announce: (cid, signal) => this.#announce(cid, signal),
    })
  }

  /** @throws {RequestFailed} */
  async query(params: Params<'query'>, context: RequestContext): Promise<Result<'query'>> {
    const { query: kind } = params
    const plan = planOf(params, false)
    const ready = async () => true
    const query = await runQuery({ kind, plan, tools: this.#tools, ready }, context)
    if (kind === 'provide') await this.#providing.provided(plan.subject, query.peers.length)
    query.end(plan.stores || kind === 'closest' ? 'done' : 'found')
    return query.result()
  }

  /** @throws {RequestFailed} */
  async withdraw(words: string): Promise<Result<'withdraw'>> {
    const { key, text } = readCid(words)
    await this.#providing.withdraw(text)
    await this.#kad.cancelReprovide(key)
    return { cid: text }
  }

  stop(): void {
    this.#providing.stop()
  }

  async #announce(cid: string, signal: AbortSignal): Promise<number> {
    let peers = 0
    for await (const event of this.#kad.provide(readCid(cid).key, { signal })) {
      if (event.name === 'PEER_RESPONSE' && event.messageName === 'ADD_PROVIDER') peers += 1
    }
    return peers
  }
}
