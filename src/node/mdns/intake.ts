/** How much of what strangers send is taken in. */

import { Shares, type SharesOptions } from '../../core/allowance.ts'
import type { Clock } from '../../core/clock.ts'
import type { Family } from './names.ts'

/** What a neighbour can do too much of: bytes that it sends, peers that it announces. */
export type MdnsExcess = 'mdnsBytes' | 'mdnsPeers'

/**
 * What is counted apart, so that a flood of one kind leaves the other kinds their room: packets that name the address
 * that they come from, as every node's announcement does over IPv4, and the others by family.
 */
export type Kind = 'own' | Family

/** Senders that are nobody's neighbours have one share together: their addresses can be any. */
export const ELSEWHERE = 'elsewhere'

const KIB = 1024
/** A node says some 1,400 bytes a second at the most. Reading costs some 0.3 µs a byte. */
const BYTES: SharesOptions = {
  each: { burst: 64 * KIB, perSecond: 8 * KIB },
  all: { burst: 512 * KIB, perSecond: 256 * KIB },
  reserve: { burst: 64 * KIB, perSecond: 64 * KIB },
}
/** Each new peer is an event and a write to the disk. */
const NEW_PEERS: SharesOptions = {
  each: { burst: 64, perSecond: 4 },
  all: { burst: 1024, perSecond: 128 },
  reserve: { burst: 64, perSecond: 32 },
}

/** Of which kind a datagram is, before it is read. */
export function kindOf(bytes: Buffer, sender: string, family: Family): Kind {
  return bytes.includes(`/${sender}/`) ? 'own' : family
}

/** A share of the work for each sender. */
export class Intake {
  readonly #bytes: Readonly<Record<Kind, Shares>>
  readonly #newPeers: Readonly<Record<Kind, Shares>>

  constructor(clock: Clock) {
    const perKind = (options: SharesOptions) => ({
      own: new Shares(clock, options),
      IPv4: new Shares(clock, options),
      IPv6: new Shares(clock, options),
    })
    this.#bytes = perKind(BYTES)
    this.#newPeers = perKind(NEW_PEERS)
  }

  /** Whether a datagram of so many bytes is read. */
  takesBytes(kind: Kind, sender: string, bytes: number): boolean {
    return this.#bytes[kind].take(sender, bytes)
  }

  /** Whether one more peer of a sender is taken in. */
  takesPeer(kind: Kind, sender: string): boolean {
    return this.#newPeers[kind].take(sender)
  }
}
