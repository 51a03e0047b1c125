import type { MessageBounds } from './messages.ts'

/** What may come in on streams of one protocol, and what it costs us. */
export interface MessageFraming {
  /** Each message comes behind its length. */
  readonly messages: MessageBounds
  /** So many messages have that form; what follows is for another layer. @default all */
  readonly first?: number
  /** The work of one message, in µs. */
  readonly cost: number
}

/** Messages, or bytes without a form that could be checked. */
export type Framing = MessageFraming | 'bytes'

/** Most bytes of a message that carries no more than addresses, keys and signatures. */
const SMALL: MessageBounds = { lengthBytes: 3, messageBytes: 64 * 1024 }
/** Room for the records of a DHT, with the peers that provide one; what libp2p takes is 4 MiB. */
const RECORD: MessageBounds = { lengthBytes: 3, messageBytes: 1024 * 1024 }

/** What is known of the protocols that a node of ours speaks. Where libp2p has a lower bound of its own, that one holds. */
const FRAMINGS = new Map<string, Framing>([
  ['/ipfs/id/1.0.0', { messages: SMALL, cost: 300 }],
  ['/ipfs/id/push/1.0.0', { messages: SMALL, cost: 1_000 }],
  // They go back as they came, and what they cost is in their frames.
  ['/ipfs/ping/1.0.0', 'bytes'],
  ['/libp2p/autonat/2/dial-request', { messages: SMALL, cost: 500 }],
  ['/libp2p/autonat/2/dial-back', { messages: SMALL, cost: 200 }],
  ['/libp2p/dcutr', { messages: SMALL, cost: 200 }],
  // What is relayed follows the first message, which libp2p would read 4 MiB of.
  ['/libp2p/circuit/relay/0.2.0/hop', { messages: SMALL, first: 1, cost: 500 }],
  ['/libp2p/circuit/relay/0.2.0/stop', { messages: SMALL, first: 1, cost: 500 }],
])

/** A question to the DHT, or an answer from it: libp2p would read 4 MiB of one. */
const KAD: MessageFraming = { messages: RECORD, cost: 300 }
const IS_KAD = /\/kad\/\d/

/**
 * What may come in on streams of a protocol.
 *
 * @param dht the protocol of our own DHT, if there is one, which may have any name
 * @returns undefined for protocols that nothing is known of
 */
export function framingOf(protocol: string, dht: string | undefined): Framing | undefined {
  if (protocol === dht || IS_KAD.test(protocol)) return KAD
  return FRAMINGS.get(protocol)
}
