import type { Libp2p } from '@libp2p/interface'
import type { Failure, Stage } from '../../core/failure.ts'
import { explain } from '../errors/explain.ts'
import { seen } from '../errors/seen.ts'
import type { Target } from './target.ts'

/** A dial that failed: how far it was, and whether it was called off. */
export interface FailedDial {
  libp2p: Pick<Libp2p, 'status' | 'peerStore'>
  target: Target
  stage: Stage
  signal: AbortSignal
}

/** Why a dial failed, in words. */
export async function failureOf(error: unknown, dial: FailedDial): Promise<Failure> {
  const { libp2p, stage, signal } = dial
  const knownAddresses = seen(error).name === 'NoValidAddressesError' ? await addressesOf(dial) : undefined
  return explain(error, {
    stage,
    cancelled: signal.aborted,
    stopped: libp2p.status !== 'started',
    ...(knownAddresses !== undefined && { knownAddresses }),
  })
}

/** How many addresses of a peer are known that was dialed by its Peer ID alone. */
async function addressesOf({ libp2p, target }: FailedDial): Promise<number | undefined> {
  const { peerId, hasAddress } = target
  if (hasAddress || peerId === undefined) return undefined
  try {
    return (await libp2p.peerStore.get(peerId)).addresses.length
  } catch {
    return 0
  }
}
