import { randomBytes } from 'node:crypto'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerSet } from '@libp2p/peer-collections'
import { multiaddr } from '@multiformats/multiaddr'
import { type SafeText, say } from '../../../core/safe-text.ts'
import { explain } from '../../errors/explain.ts'
import { Line } from '../../line.ts'
import { type AutonatClient, DIAL_BACK, type DialResults } from './parts.ts'

/** How long a peer may take to dial and to tell, in ms. A dial in vain takes it ten seconds. */
const ASK_MS = 20_000

/** What a peer found out, or why it did not. */
export type Answer = { reachable: boolean } | { refused: SafeText }

/** Asks peers to dial this node back, one address at a time, so that each answer is of one peer about one address. */
export class Asker {
  readonly #libp2p: Libp2p
  readonly #client: AutonatClient
  readonly #line = new Line()

  constructor(libp2p: Libp2p, client: AutonatClient) {
    this.#libp2p = libp2p
    this.#client = client
  }

  /** From now on those who dial back are let in. */
  async start(): Promise<void> {
    await this.#libp2p.handle(DIAL_BACK, (stream: Stream, connection: Connection) =>
      this.#client.handleDialBackStream(stream, connection),
    )
  }

  async stop(): Promise<void> {
    await this.#libp2p.unhandle(DIAL_BACK)
  }

  /** Asks the peer at the other end of a connection. Never rejects. */
  ask(connection: Connection, address: string, signal: AbortSignal): Promise<Answer> {
    return this.#line.run(() => this.#ask(connection, address, signal))
  }

  async #ask(connection: Connection, address: string, signal: AbortSignal): Promise<Answer> {
    const { dialResults, nonces } = this.#client
    // 63 bits: libp2p's protobufs read larger ones as negative.
    const nonce = randomBytes(8).readBigUInt64BE() >> 1n
    const results: DialResults = {
      multiaddr: multiaddr(address),
      success: 0,
      failure: 0,
      networkSegments: [],
      verifyingPeers: peerSet(),
      type: 'transport',
    }
    dialResults.set(results.multiaddr.toString(), results)
    nonces.add(nonce)
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)])
    let hasCome = false
    try {
      deadline.throwIfAborted()
      await this.#client.askPeerToVerify(connection, '', nonce, { signal: deadline })
    } catch (error) {
      return { refused: explain(error, { stage: 'exchange' }).cause }
    } finally {
      dialResults.clear()
      // What was used is gone.
      hasCome = !nonces.delete(nonce)
    }
    if (results.failure > 0) return { reachable: false }
    if (results.success === 0) return { refused: say`it declined, or found something else there` }
    // Its word alone, which libp2p takes, would let a peer have us announce what it likes.
    return hasCome ? { reachable: true } : { refused: say`it says that it got there, and never came` }
  }
}
