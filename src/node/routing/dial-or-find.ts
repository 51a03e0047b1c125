import type { PeerId, PeerStore } from '@libp2p/interface'
import { type Failure, RequestFailed, type Stage } from '../../core/failure.ts'
import { plural } from '../../core/format.ts'
import type { Result } from '../../core/requests.ts'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import type { Dialer, DialRequest } from '../dial/dialer.ts'
import { parsePeerId } from '../dial/target.ts'

/** Where a dial can fail because the addresses are no longer those of the peer. */
const OF_AN_ADDRESS: readonly Stage[] = ['resolve', 'connect', 'encrypt']

/** What it works with. */
export interface DialOrFindParts {
  dialer: Pick<Dialer, 'dial' | 'dialAt'>
  libp2p: { peerStore: Pick<PeerStore, 'get'>; getConnections(peer: PeerId): readonly unknown[] }
  /** Asks the DHT where a peer is, which is told as a query. Undefined: there is no DHT. */
  find: ((peerId: SafeText, context: DialRequest) => Promise<Result<'query'>>) | undefined
}

/**
 * Dials as `Dialer.dial` does; a Peer ID of which no address is known, or none leads to it any more, is looked up in the
 * DHT, and dialed at the addresses that are new. All of it is told as it happens, under the one id.
 *
 * @throws {RequestFailed} one failure that names what was tried
 */
export async function dialOrFind(
  target: string,
  context: DialRequest,
  { dialer, libp2p, find }: DialOrFindParts,
): Promise<Result<'dial'>> {
  const id = parsePeerId(target.trim().replace(/^\/p2p\//, ''))
  if (id === undefined || find === undefined || libp2p.getConnections(id).length > 0) {
    return await dialer.dial(target, context)
  }
  const ask = () => find(safeText(id.toString()), context)
  const before = await addressesOf(id, libp2p.peerStore)
  // Nothing to dial yet. Where nobody knows more, the dial says so.
  const early = before.size === 0 ? await settled(ask()) : undefined
  const first = await settled(dialer.dial(target, context))
  if ('value' in first) return first.value
  if (!isOfAnAddress(first.error, context)) throw first.error
  const found = early === undefined ? await settled(ask()) : early
  if ('error' in found) throw both(first.error, found.error)
  if (early !== undefined) throw first.error
  const addresses = found.value.peers.flatMap(peer => peer.addresses).filter(address => !before.has(address))
  if (addresses.length === 0) throw both(first.error, new RequestFailed(NO_OTHER))
  const second = await settled(dialer.dialAt(id, addresses, context))
  if ('value' in second) return second.value
  throw both(first.error, second.error, addresses.length)
}

function settled<T>(work: Promise<T>): Promise<{ value: T } | { error: unknown }> {
  return work.then(
    value => ({ value }),
    (error: unknown) => ({ error }),
  )
}

function isOfAnAddress(error: unknown, { signal }: DialRequest): error is RequestFailed {
  return error instanceof RequestFailed && !signal.aborted && OF_AN_ADDRESS.includes(error.failure.stage)
}

async function addressesOf(id: PeerId, peerStore: Pick<PeerStore, 'get'>): Promise<ReadonlySet<string>> {
  const addresses = await peerStore.get(id).then(
    peer => peer.addresses,
    () => [],
  )
  return new Set(addresses.map(({ multiaddr }) => `${multiaddr.toString()}/p2p/${id.toString()}`))
}

/** One failure of two; `dialed`: at how many addresses of the DHT it was tried. */
function both({ failure: first }: RequestFailed, error: unknown, dialed = 0): unknown {
  if (!(error instanceof RequestFailed) || error.failure.stage === 'request') return error
  const { stage, cause, hint } = error.failure
  const at = dialed === 0 ? say`` : say`At ${plural(dialed, say`address`, say`addresses`)} of the DHT: `
  return new RequestFailed({ stage, cause: say`${first.cause}. ${at}${cause}`, hint }, { cause: error })
}

const NO_OTHER: Failure = {
  stage: 'resolve',
  cause: say`The DHT knows no other address of it`,
  hint: say`It may be offline. If you have an address of it, dial that`,
}
