import { randomBytes } from 'node:crypto'
import { setTimeout as passed } from 'node:timers/promises'
import { multiaddr } from '@multiformats/multiaddr'
import { startPeer } from '../../support/peers/peer.ts'
import { field, varint } from '../../support/peers/protobuf.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'
import { endOf } from './harness/while.ts'

const PUSH = '/ipfs/id/push/1.0.0'
const AT_ONCE = 8
const PROTOCOLS = 1_000
/** Field numbers (specs: identify/README.md). */
const [PROTOCOL, AGENT] = [3, 6]
/** Longer messages are read by nobody. */
const LONGEST = 8_000
const OPEN_MS = 2_000

/** All that a peer may say of itself, said anew again and again, and different each time. */
export const identifyPushes = flood({
  title: 'identify: pushes of thousands of protocols without a pause',
  short: false,
  async attack({ addresses: [address = ''], forMs }, begun) {
    const peer = await startPeer({ listen: [], from: attacker() })
    const connection = await peer.dial(multiaddr(address))
    begun()
    const { over, wait } = endOf(forMs)
    let bytes = 0
    const pushes = Array.from({ length: AT_ONCE }, async () => {
      while (!over() && connection.status === 'open') {
        try {
          const stream = await connection.newStream(PUSH, { signal: AbortSignal.timeout(OPEN_MS) })
          for (const message of news()) {
            stream.send(message)
            bytes += message.length
          }
          await stream.close({ signal: AbortSignal.timeout(OPEN_MS) })
        } catch {
          // What is refused is tried again.
          await passed(20)
        }
      }
    })
    await Promise.all(pushes)
    await wait()
    return { bytes }
  },
  holds: {
    cpuShare: 50,
    growthMb: 80,
    dials: 3,
    turnedAway: 5,
    gapMs: 500,
    recoveryMs: 1000,
    descriptors: 2,
    told: false,
  },
})

function news(): Uint8Array[] {
  const tag = randomBytes(4).toString('hex')
  const fields = [
    field(AGENT, Buffer.from(`agent-${tag}`)),
    ...Array.from({ length: PROTOCOLS }, (_, n) =>
      field(PROTOCOL, Buffer.from(`/${tag}/${n}/a-protocol/1.0.0`)),
    ),
  ]
  const messages: Uint8Array[] = []
  for (const one of fields) {
    const last = messages.pop() ?? new Uint8Array()
    if (last.length + one.length <= LONGEST) messages.push(Buffer.concat([last, one]))
    else messages.push(last, one)
  }
  return messages.map(message => Buffer.concat([varint(message.length), message]))
}
