import type { Connection } from '@libp2p/interface'
import { insidesOf } from '../../insides.ts'
import { dialDirect } from './direct.ts'
import { ask, mute } from './exchange.ts'
import { isPublic, MAX_ADDRESSES, withoutPeer } from './public-addresses.ts'
import { ownAddresses, type PunchContext, TRIES, trySignal } from './punch-context.ts'
import { PunchError } from './punch-error.ts'
import type { PunchReport } from './punch-report.ts'

/**
 * The way of the side that was dialed over the relay: it dials the other side if that is public, and if that fails has
 * both dial each other at the same moment.
 *
 * @param speaks whether the other side says that it speaks DCUtR
 * @throws what the last try threw, or {@link PunchError} when another try would be of no use
 */
export async function begin(
  context: PunchContext,
  { relayed, speaks, report }: { relayed: Connection; speaks: boolean; report: PunchReport },
): Promise<Connection> {
  const direct = await dialPublic(context, relayed, report)
  if (direct !== undefined) return direct
  if (!speaks) throw mute()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await punch(context, relayed, report, attempt)
    } catch (error) {
      if (attempt === TRIES || report.over || error instanceof PunchError) throw error
    }
  }
}

/** Undefined: the other side names no public address, or is not reached there. */
async function dialPublic(
  context: PunchContext,
  { remotePeer: peer }: Connection,
  report: PunchReport,
): Promise<Connection | undefined> {
  const { libp2p } = context
  const { transportManager } = insidesOf(libp2p)
  const known = await libp2p.peerStore.get(peer).catch(() => undefined)
  const addresses = withoutPeer((known?.addresses ?? []).map(({ multiaddr }) => multiaddr))
    .filter(address => isPublic(address) && transportManager.dialTransportForMultiaddr(address) != null)
    .slice(0, MAX_ADDRESSES)
  if (addresses.length === 0) return undefined
  report.tried({ how: 'dial', attempt: 1, attempts: 1, addresses })
  const signal = trySignal(context)
  return await dialDirect({ libp2p, peer, addresses, initiator: true, signal }).catch(() => undefined)
}

async function punch(
  context: PunchContext,
  relayed: Connection,
  report: PunchReport,
  attempt: number,
): Promise<Connection> {
  const { libp2p, clock } = context
  const signal = trySignal(context)
  const ours = ownAddresses(context)
  if (ours.length === 0) throw new PunchError('ours-unknown', 'no public address of ours is known')
  const { theirs: addresses, rttMs } = await ask(relayed, ours, { signal, clock })
  if (addresses.length === 0) throw new PunchError('theirs-unknown', 'the other side named no public address')
  // So long the word that they shall dial takes to reach them.
  await new Promise<void>(resolve => clock.after(rttMs / 2, resolve))
  report.tried({ how: 'punch', attempt, attempts: TRIES, addresses, rttMs })
  // We are to be the server. Older go-libp2p has that the wrong way round; its newer versions yield at the last try.
  const initiator = attempt === TRIES
  return await dialDirect({ libp2p, peer: relayed.remotePeer, addresses, initiator, signal })
}
