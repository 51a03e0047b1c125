import type { SafeText } from '../../core/safe-text.ts'
import type { Peer } from '../../core/swarm.ts'

/** How much text is remembered of each peer, and of all together, in UTF-16 units. */
export class PeerWeights {
  readonly #weights = new Map<SafeText, number>()
  #total = 0

  /** Of all that were weighed. */
  get total(): number {
    return this.#total
  }

  /** Those of whom there is more than so much, with how much. */
  above(weight: number): [SafeText, number][] {
    return [...this.#weights].filter(([, own]) => own > weight)
  }

  /** Weighs a peer as it is now; undefined: it does not count. */
  weigh(peerId: SafeText, peer: Peer | undefined): void {
    const weight = peer === undefined ? 0 : textOf(peer)
    this.#total += weight - (this.#weights.get(peerId) ?? 0)
    if (weight === 0) this.#weights.delete(peerId)
    else this.#weights.set(peerId, weight)
  }
}

/** All that others decide on. */
function textOf({ sightings, claimedAddresses, protocols, agentVersion, protocolVersion }: Peer): number {
  const lists = [claimedAddresses, protocols, ...sightings.map(({ addresses }) => addresses)]
  const lengths = lists.flatMap(texts => texts.map(({ length }) => length))
  return lengths.reduce((sum, length) => sum + length, lengthOf(agentVersion) + lengthOf(protocolVersion))
}

function lengthOf(text: SafeText | undefined): number {
  return text?.length ?? 0
}
