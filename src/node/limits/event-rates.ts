import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/events.ts'
import { ACCOUNT_KINDS, type AccountKind } from '../../core/limit-terms.ts'
import { type SafeText, say } from '../../core/safe-text.ts'

const SECOND_MS = 1_000
/** More names of one kind are not counted in one second. */
const MOST_NAMES = 4_096

/** Whose a connection is. `share`: see `shareOf`; the account of a host is that of its share. */
export interface Owner {
  readonly connectionId: SafeText
  readonly peerId: SafeText
  readonly share: SafeText
}

/** What others make the node tell of by speaking a protocol, where the event does not say which. */
const PROTOCOL_OF: { readonly [T in NewEvent['type']]?: SafeText } = {
  'ping:answered': say`/ipfs/ping/1.0.0`,
  'peer:identified': say`/ipfs/id/1.0.0`,
  'peer:updated': say`/ipfs/id/push/1.0.0`,
}

type Counts = { readonly [K in AccountKind]: Map<SafeText, number> }

/** How many events a second each host, peer, connection and protocol causes. */
export class EventRates {
  readonly #clock: Clock
  #second = 0
  #now = noCounts()
  /** Of the second before. */
  #before = noCounts()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** One more event. `owner` undefined: it is of no open connection; its protocol counts all the same. */
  count(event: NewEvent, owner: Owner | undefined): void {
    this.#turn()
    const protocol = 'protocol' in event ? event.protocol : PROTOCOL_OF[event.type]
    const names = {
      host: owner?.share,
      peer: owner?.peerId,
      connection: owner?.connectionId,
      protocol,
    }
    for (const kind of ACCOUNT_KINDS) increment(this.#now[kind], names[kind])
  }

  /** Of each that caused any: in the last whole second, or in this one if there are more already. */
  of(kind: AccountKind): Map<SafeText, number> {
    this.#turn()
    const rates = new Map(this.#before[kind])
    for (const [name, count] of this.#now[kind]) rates.set(name, Math.max(count, rates.get(name) ?? 0))
    return rates
  }

  #turn(): void {
    const second = Math.floor(this.#clock.monotonic() / SECOND_MS)
    if (second === this.#second) return
    this.#before = second === this.#second + 1 ? this.#now : noCounts()
    this.#now = noCounts()
    this.#second = second
  }
}

function noCounts(): Counts {
  return { host: new Map(), peer: new Map(), connection: new Map(), protocol: new Map() }
}

function increment(counts: Map<SafeText, number>, name: SafeText | undefined): void {
  if (name === undefined) return
  const count = counts.get(name)
  if (count !== undefined || counts.size < MOST_NAMES) counts.set(name, (count ?? 0) + 1)
}
