/**
 * Another node that pings one over a long-lived stream and looks at how regularly the answers come.
 *
 * `questioner.ts <multiaddr> <ms>` writes one line of JSON once it has its first answer and one after that time,
 * {@link Answered}, and ends.
 */
import { setTimeout as passed } from 'node:timers/promises'
import { PING_PROTOCOL } from '@libp2p/ping'
import { multiaddr } from '@multiformats/multiaddr'
import { startPeer } from '../../test/support/peers/peer.ts'

/** How the answers came. */
export interface Answered {
  answers: number
  /** The longest time from one answer to the next, in ms. */
  longestGapMs: number
}

const PAUSE_MS = 5
const PAYLOAD_BYTES = 32

const [address = '', forMs] = process.argv.slice(2)
const peer = await startPeer({ listen: [] })
const stream = await peer.dialProtocol(multiaddr(address), PING_PROTOCOL)
const result: Answered = { answers: 0, longestGapMs: 0 }
let answered = (): void => {}
let received = 0
stream.addEventListener('message', ({ data }) => {
  received += data.byteLength
  if (received % PAYLOAD_BYTES === 0) answered()
})

await ask()
say()
const end = performance.now() + Number(forMs)
let last = performance.now()
while (last < end) {
  await ask()
  const now = performance.now()
  result.answers += 1
  result.longestGapMs = Math.max(result.longestGapMs, now - last)
  last = now
  await passed(PAUSE_MS)
}
say(() => process.exit(0))

function ask(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  answered = resolve
  stream.send(crypto.getRandomValues(new Uint8Array(PAYLOAD_BYTES)))
  return promise
}

function say(then?: () => void): void {
  process.stdout.write(`${JSON.stringify(result)}\n`, then)
}
