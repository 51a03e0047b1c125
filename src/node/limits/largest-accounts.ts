import { ACCOUNT_KINDS, type AccountKind, type Limits } from '../../core/limit-terms.ts'
import type { SafeText } from '../../core/safe-text.ts'
import type { Account, Balance } from '../../core/swarm/connections.ts'
import type { EventRates, Owner } from './event-rates.ts'

/** So many of each kind are told. */
const MOST_TOLD = 5
/** So many events a second weigh as much as a limit that is reached; they have none themselves. */
const MANY_EVENTS = 1_000

/** How much there may be. Bytes. */
export interface AccountLimits {
  hostStreams: number
  buffered: number
  allBuffered: number
}

/** What one connection has. */
export interface Holding extends Owner {
  /** Those of its streams included. */
  readonly bufferedBytes: number
  readonly streams: readonly { readonly protocol: SafeText; readonly bufferedBytes: number }[]
}

/** What accounts are made of. */
export interface Books {
  holdings: Iterable<Holding>
  /** Those that have handshakes under way, and how many. */
  handshakes: Iterable<readonly [share: SafeText, count: number]>
  rates: EventRates
  most: AccountLimits & Pick<Limits, 'perHost' | 'streams'>
}

type Accounts = Map<SafeText, Account>
type Whose = Pick<Account, 'host' | 'peerId' | 'connectionId' | 'protocol'>

/**
 * Adds up what each host, peer, connection and protocol has, and names of each kind those that have most: whoever is
 * nearest to a limit first.
 */
export function largestAccounts({ holdings, handshakes, rates, most }: Books): Account[] {
  const sums = { host: new Map(), peer: new Map(), connection: new Map(), protocol: new Map() } satisfies {
    [K in AccountKind]: Accounts
  }
  const at = (kind: AccountKind, name: SafeText, whose: Whose): Account =>
    accountAt(sums[kind], kind, name, whose)
  for (const { connectionId, peerId, share: host, bufferedBytes, streams } of holdings) {
    const has = { sockets: 1, streams: streams.length, bufferedBytes }
    add(at('host', host, { host }), has)
    add(at('peer', peerId, { peerId, host }), has)
    add(at('connection', connectionId, { connectionId, peerId, host }), has)
    for (const protocol of new Set(streams.map(stream => stream.protocol)))
      add(at('protocol', protocol, { protocol }), { sockets: 1 })
    for (const stream of streams)
      add(at('protocol', stream.protocol, { protocol: stream.protocol }), { ...stream, streams: 1 })
  }
  for (const [host, sockets] of handshakes) add(at('host', host, { host }), { sockets })
  for (const kind of ACCOUNT_KINDS) {
    for (const [name, eventsPerSecond] of rates.of(kind)) {
      // A connection that has closed has nothing; whoever opens the next one goes on.
      if (kind === 'connection' && !sums.connection.has(name)) continue
      add(at(kind, name, { [NAMED_BY[kind]]: name }), { eventsPerSecond })
    }
  }
  return ACCOUNT_KINDS.flatMap(kind =>
    nearestTo(kind === 'connection' ? ofOneConnection(most) : ofMany(most), sums[kind].values()),
  )
}

const NAMED_BY = { host: 'host', peer: 'peerId', connection: 'connectionId', protocol: 'protocol' } as const

function accountAt(accounts: Accounts, kind: AccountKind, name: SafeText, whose: Whose): Account {
  const known = accounts.get(name)
  if (known !== undefined) return known
  const account = { kind, ...whose, sockets: 0, streams: 0, bufferedBytes: 0, eventsPerSecond: 0 }
  accounts.set(name, account)
  return account
}

function add(account: Account, has: Partial<Balance>): void {
  for (const figure of FIGURES) account[figure] += has[figure] ?? 0
}

/** Those first who have used the largest share of one of their limits; of equals, who have used more of all together. */
function nearestTo(limits: Balance, accounts: Iterable<Account>): Account[] {
  return Array.from(accounts, account => {
    const used = FIGURES.map(figure => account[figure] / limits[figure])
    return { account, most: Math.max(...used), all: used.reduce((sum, share) => sum + share, 0) }
  })
    .toSorted((a, b) => b.most - a.most || b.all - a.all)
    .slice(0, MOST_TOLD)
    .map(({ account }) => account)
}

const FIGURES = ['sockets', 'streams', 'bufferedBytes', 'eventsPerSecond'] as const

function ofOneConnection({ streams, buffered }: Books['most']): Balance {
  return {
    sockets: Number.POSITIVE_INFINITY,
    streams,
    bufferedBytes: buffered,
    eventsPerSecond: MANY_EVENTS,
  }
}

function ofMany({ perHost, hostStreams, allBuffered }: Books['most']): Balance {
  return {
    sockets: perHost,
    streams: hostStreams,
    bufferedBytes: allBuffered,
    eventsPerSecond: MANY_EVENTS,
  }
}
