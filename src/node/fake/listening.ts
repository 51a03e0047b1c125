import { withoutPeerId } from '../../core/address.ts'
import type { Id } from '../../core/events.ts'
import type { Failure } from '../../core/failure.ts'
import { type SafeText, safeAddress, safeText, say } from '../../core/safe-text.ts'
import { notListening } from '../bus/listen-failure.ts'
import { OWN_HOST, OWN_PORT, tcp, withPeerId } from './addresses.ts'
import type { FakeNetwork } from './network.ts'
import type { Random } from './random.ts'
import { readTarget } from './target.ts'

/** The machine's own hosts, and what the ones that stand for all of them stand for. */
const OWN_HOSTS: { readonly [host: string]: readonly string[] } = {
  '127.0.0.1': ['127.0.0.1'],
  [OWN_HOST]: [OWN_HOST],
  '::1': ['::1'],
  '0.0.0.0': ['127.0.0.1', OWN_HOST],
  '::': ['::1'],
}

/** The addresses that the fake node listens on. */
export class FakeListening {
  readonly #network: FakeNetwork
  readonly #random: Random
  readonly #open = new Set<SafeText>()

  constructor(network: FakeNetwork, random: Random) {
    this.#network = network
    this.#random = random
  }

  /** The addresses of a node that has just started. */
  start(): void {
    for (const host of ['127.0.0.1', OWN_HOST]) this.#opened(tcp(host, OWN_PORT))
  }

  /** Listens on one more address; answers with what that opened. */
  listen(words: string, requestId: Id): SafeText[] | { failure: Failure } {
    const found = this.#resolve(words)
    if (!('failure' in found)) return found.map(address => this.#opened(address, requestId))
    this.#network.emit({ type: 'listen:failed', requestId, address: safeText(words), ...found.failure })
    return found
  }

  /** Ends listening on one of its addresses; answers with that address. */
  unlisten(words: string, requestId: Id): SafeText[] | { failure: Failure } {
    const wanted = withoutPeerId(safeAddress(words.trim()))
    if (!this.#open.delete(wanted)) return { failure: notListening(wanted, [...this.#open]) }
    const address = withPeerId(wanted, this.#network.self)
    this.#network.emit({ type: 'listen:closed', requestId, address })
    return [address]
  }

  #resolve(words: string): SafeText[] | { failure: Failure } {
    const target = readTarget(words)
    if ('failure' in target) return target
    const { host = '', port } = target.address ?? {}
    const hosts = OWN_HOSTS[host]
    if (hosts === undefined || port === undefined) return { failure: NOT_OURS }
    const chosen = port === 0 ? this.#random.whole(32_768, 61_000) : port
    const addresses = hosts.map(own => tcp(own, chosen))
    return addresses.some(address => this.#open.has(address)) ? { failure: TAKEN } : addresses
  }

  #opened(address: SafeText, requestId?: Id): SafeText {
    this.#open.add(address)
    const full = withPeerId(address, this.#network.self)
    this.#network.emit({
      type: 'listen:opened',
      ...(requestId === undefined ? {} : { requestId }),
      address: full,
    })
    return full
  }
}

const NOT_OURS: Failure = {
  stage: 'start',
  cause: say`This machine has no such address`,
  hint: say`Listen on one of its own, or on all: /ip4/0.0.0.0/tcp/0`,
}
const TAKEN: Failure = {
  stage: 'start',
  cause: say`Another program, or this one, listens there already`,
  hint: say`Take another port, or 0 for any that is free`,
}
