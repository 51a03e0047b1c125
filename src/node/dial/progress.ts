import type { Address, DialOptions } from '@libp2p/interface'
import type { Stage } from '../../core/failure.ts'
import { type SafeText, safeAddress, say } from '../../core/safe-text.ts'

type ProgressEvent = Parameters<NonNullable<DialOptions['onProgress']>>[0]

/** libp2p's progress events, and the stage that each of them opens. */
const OPENS: Readonly<Record<string, Stage>> = {
  'dial-queue:add-to-dial-queue': 'queue',
  'dial-queue:already-in-dial-queue': 'queue',
  'dial-queue:start-dial': 'resolve',
  'transport-manager:selected-transport': 'connect',
  'upgrader:encrypt-outbound-connection': 'encrypt',
  // Mostly absent: noise agrees on the muxer on its way.
  'upgrader:multiplex-outbound-connection': 'multiplex',
  'connection:opened': 'established',
}

/** One address of a dial, and how far it came. */
export interface Attempt {
  address: SafeText
  stage: Stage
}

/** Follows a dial through libp2p's progress events: which stage, which address. */
export class DialProgress {
  /** The stage that the dial is at. */
  stage: Stage = 'target'
  /** The addresses tried so far, in order. */
  readonly attempts: Attempt[] = []
  readonly #onStage: (stage: Stage, detail: SafeText | undefined) => void
  /** Two dials that libp2p has joined hear some events twice. */
  readonly #heard = new WeakSet<object>()
  #addresses: readonly Address[] = []
  /** How many of #addresses have had their turn. */
  #next = 0
  /** Addresses of the relay that is dialed while one that leads through it has its turn; that dial is told here too. */
  #toRelay: Address[] = []

  constructor(onStage: (stage: Stage, detail: SafeText | undefined) => void) {
    this.#onStage = onStage
  }

  /** Takes one of libp2p's progress events. */
  readonly listen = (event: ProgressEvent): void => {
    if (this.#heard.has(event)) return
    this.#heard.add(event)
    if (event.type === 'dial-queue:calculated-addresses') {
      if (this.attempts.length > 0) {
        this.#toRelay = [...event.detail]
        return
      }
      this.#addresses = event.detail
      this.#next = 0
      return
    }
    const stage = OPENS[event.type]
    if (stage === undefined) return
    if (stage === 'connect') this.#nextAddress()
    else if (stage !== this.stage) this.#enter(stage, undefined)
    if (stage === 'established') this.#toRelay = []
  }

  /** The addresses that have not had their turn. */
  get untried(): SafeText[] {
    return this.#addresses.slice(this.#next).map(({ multiaddr }) => safeAddress(multiaddr))
  }

  #nextAddress(): void {
    const relay = this.#toRelay.shift()
    if (relay !== undefined) {
      this.#enter('connect', safeAddress(relay.multiaddr))
      return
    }
    const address = this.#addresses[this.#next++]?.multiaddr
    const text = address === undefined ? say`` : safeAddress(address)
    this.attempts.push({ address: text, stage: 'connect' })
    this.#enter('connect', text === '' ? undefined : text)
  }

  #enter(stage: Stage, detail: SafeText | undefined): void {
    this.stage = stage
    const attempt = this.attempts.at(-1)
    if (attempt !== undefined) attempt.stage = stage
    this.#onStage(stage, detail)
  }
}
