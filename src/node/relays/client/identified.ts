import type { IdentifyResult, PeerId } from '@libp2p/interface'
import type { RelayContext } from '../relay-context.ts'

/** So long it is waited for what a peer says of itself, in ms. */
const WAIT_MS = 1_000

/** Resolves once it is known which program a connected peer runs, or soon: some never say it. */
export function identified(
  peer: PeerId,
  { libp2p, clock, agentOf }: Pick<RelayContext, 'libp2p' | 'clock' | 'agentOf'>,
): Promise<void> {
  if (agentOf(peer.toString()) !== undefined) return Promise.resolve()
  return new Promise(resolve => {
    const done = (): void => {
      cancel()
      libp2p.removeEventListener('peer:identify', heard)
      resolve()
    }
    const heard = ({ detail }: CustomEvent<IdentifyResult>): void => {
      if (detail.peerId.equals(peer)) done()
    }
    const cancel = clock.after(WAIT_MS, done)
    libp2p.addEventListener('peer:identify', heard)
  })
}
