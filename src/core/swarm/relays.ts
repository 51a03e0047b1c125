/** Relays: what they promise us, and what we promise as one. */
import type { SafeText } from '../safe-text.ts'

/** A relay's promise to pass connections on. Absent limits: none. `expiresAt` is in ms since the epoch. */
export interface Reservation {
  /** The relay; or, where we are the relay, whom we promised it. */
  peerId: SafeText
  /** Where the holder can be reached through it. */
  addresses: readonly SafeText[]
  expiresAt: number
  limitBytes?: number
  limitMs?: number
  /** Where we are the relay: connections to the holder that are over, and what they carried in bytes. */
  relayed?: { circuits: number; bytes: number }
}

/** A relay that gives us no reservation, and is asked again. `nextAt` is in ms since the epoch. */
export interface AwaitedRelay {
  /** One of these is there. */
  peerId?: SafeText
  address?: SafeText
  /** Tries in vain. */
  attempts: number
  nextAt: number
}

/** What this node gives as a relay: how many reservations, how many connections a peer, and the limits of each. */
export interface RelayService {
  reservations: number
  circuits: number
  limitBytes?: number
  limitMs?: number
}

/** A connection between two others that goes through this node. `openedAt` is in ms since the epoch. */
export interface Circuit {
  circuitId: SafeText
  /** Who dialed. */
  peerId: SafeText
  /** Who was dialed: the holder of a reservation. */
  toPeerId: SafeText
  openedAt: number
  /** Relayed so far to the one who was dialed, and back. */
  bytesTo: number
  bytesBack: number
}
