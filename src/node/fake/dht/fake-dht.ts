import type { Clock } from '../../../core/clock.ts'
import { QUERIES } from '../../../core/event-terms.ts'
import type { Params, Result } from '../../../core/requests.ts'
import type { RequestContext } from '../../port/run-request.ts'
import { noSuchQuery } from '../../routing/failures.ts'
import type { FakePeer } from '../cast.ts'
import type { FakeNetwork } from '../network.ts'
import type { FakeRouting } from './fake-routing.ts'
import { FakeTable, type TableLife } from './fake-table.ts'

/** What it works with. */
export interface FakeDhtParts {
  network: FakeNetwork
  servers: readonly FakePeer[]
  clock: Clock
}

/** The DHT of the made-up network. What asks it is loaded with the first query: a look at the demo needs none of it. */
export class FakeDht {
  readonly #parts: FakeDhtParts
  readonly #table: FakeTable
  #routing: Promise<FakeRouting> | undefined

  constructor(parts: FakeDhtParts) {
    // Those near that speak a DHT's protocol take part as well.
    const near = parts.network.peers.filter(({ protocols }) => protocols.some(id => id.includes('/kad/')))
    this.#parts = { ...parts, servers: [...parts.servers, ...near] }
    this.#table = new FakeTable(parts.network)
  }

  /** Takes part in it. */
  begin(life: TableLife): void {
    this.#table.begin(this.#parts.servers, life)
  }

  stop(): void {
    void this.#routing?.then(routing => routing.stop())
  }

  /** @throws {RequestFailed} as a real one */
  async query(params: Params<'query'>, context: RequestContext): Promise<Result<'query'>> {
    // Over a channel any text can come.
    if (!QUERIES.includes(params.query)) throw noSuchQuery
    return await (await this.#load()).query(params, context)
  }

  /** Ends providing something. @throws {RequestFailed} when it is not provided */
  async withdraw(cid: string): Promise<Result<'withdraw'>> {
    return await (await this.#load()).withdraw(cid)
  }

  #load(): Promise<FakeRouting> {
    this.#routing ??= import('./fake-routing.ts').then(
      ({ FakeRouting }) => new FakeRouting({ ...this.#parts, table: this.#table }),
    )
    return this.#routing
  }
}
