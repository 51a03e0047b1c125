import { describe, expect, it } from 'vitest'
import type { AccountKind } from '../../../src/core/limit-terms.ts'
import { type SafeText, safeText, say } from '../../../src/core/safe-text.ts'
import type { Account } from '../../../src/core/swarm/connections.ts'
import { EventRates } from '../../../src/node/limits/event-rates.ts'
import { type Books, type Holding, largestAccounts } from '../../../src/node/limits/largest-accounts.ts'
import { ManualClock } from '../../support/manual-clock.ts'

const most = { perHost: 100, streams: 10, hostStreams: 100, buffered: 1_000, allBuffered: 10_000 }

/** A connection with a peer and a host of its own. */
function held(id: string, { bytes = 0, streams = 0, protocol = '/test/1' } = {}): Holding {
  return {
    connectionId: safeText(id),
    peerId: safeText(`peer-${id}`),
    share: safeText(`host-${id}`),
    bufferedBytes: bytes,
    streams: Array.from({ length: streams }, () => ({ protocol: safeText(protocol), bufferedBytes: 0 })),
  }
}

function largest(holdings: Holding[], more: Partial<Books> = {}): Account[] {
  return largestAccounts({
    holdings,
    handshakes: [],
    rates: new EventRates(new ManualClock()),
    most,
    ...more,
  })
}

const names = (accounts: Account[], kind: AccountKind): (SafeText | undefined)[] =>
  accounts
    .filter(account => account.kind === kind)
    .map(({ host, peerId, connectionId, protocol }) => protocol ?? connectionId ?? peerId ?? host)

describe('the largest accounts', () => {
  it('are those nearest to a limit, whichever that is', () => {
    const rates = new EventRates(new ManualClock())
    const noisy = held('noisy')
    for (let n = 0; n < 400; n += 1) rates.count({ type: 'ping:answered', ...noisy }, noisy)
    const holdings = [
      held('idle'),
      held('few', { streams: 3 }),
      noisy,
      held('full', { bytes: 900 }),
      held('many', { streams: 8 }),
    ]
    const found = largest(holdings, { rates })
    expect(names(found, 'connection')).toEqual(['full', 'many', 'noisy', 'few', 'idle'])
    // Against the limits of a host 8 streams are less than 900 bytes, and both less than 400 events.
    expect(names(found, 'host').slice(0, 3)).toEqual(['host-noisy', 'host-full', 'host-many'])
    expect(names(found, 'peer').slice(0, 3)).toEqual(['peer-noisy', 'peer-full', 'peer-many'])
  })

  it('are five of each kind, of any number', () => {
    const holdings = Array.from({ length: 40 }, (_, n) =>
      held(`c${n}`, { bytes: n, streams: 1, protocol: `/test/${n}` }),
    )
    const found = largest(holdings)
    expect(found).toHaveLength(20)
    expect(names(found, 'connection')).toHaveLength(5)
    expect(names(found, 'host')).toEqual(['host-c39', 'host-c38', 'host-c37', 'host-c36', 'host-c35'])
  })

  it('have what all connections of a host have together', () => {
    const share = say`192.0.2.1`
    const holdings = [1, 2, 3].map(n => ({ ...held(`c${n}`, { bytes: n, streams: n }), share }))
    const found = largest([held('other', { streams: 5 }), ...holdings], { handshakes: [[share, 7]] })
    expect(found[0]).toEqual({
      kind: 'host',
      host: share,
      sockets: 10,
      streams: 6,
      bufferedBytes: 6,
      eventsPerSecond: 0,
    })
  })

  it('are of those too who have no connection left but caused events, or only shake hands', () => {
    const rates = new EventRates(new ManualClock())
    const gone = held('gone')
    rates.count({ type: 'ping:answered', ...gone }, gone)
    const found = largest([], { rates, handshakes: [[say`192.0.2.9`, 50]] })
    expect(names(found, 'host')).toEqual(['192.0.2.9', 'host-gone'])
    expect(names(found, 'peer')).toEqual(['peer-gone'])
    expect(names(found, 'connection')).toEqual([])
    expect(names(found, 'protocol')).toEqual(['/ipfs/ping/1.0.0'])
  })
})
