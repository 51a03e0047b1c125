import { frames, MULTISTREAM, negotiation, RawPeer } from '../../support/peers/raw-peer.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'
import { endOf, pour, sent } from './harness/while.ts'

const BATCH = 500
const NO = Buffer.from('na\n')

/** Odd ids of streams, as a dialer's are, new ones each time. */
function* streamIds(): Generator<number> {
  for (let id = 1; ; id += 2) yield id
}

/** What costs its sender a few bytes, and the other side much more. Each makes some frames for a stream. */
const KINDS: Readonly<Record<string, (streamId: number) => Uint8Array[]>> = {
  'negotiations a byte at a time': id => [
    frames.open(id),
    ...[...negotiation(MULTISTREAM)].map(byte => frames.data(id, Uint8Array.of(byte))),
    frames.reset(id),
  ],
  'streams that are opened': id => [frames.open(id)],
  'streams on which nothing is available': id => [
    frames.open(id),
    frames.data(id, Buffer.concat([negotiation(MULTISTREAM), Buffer.of(NO.length), NO])),
  ],
  'streams that are opened and reset': id => [frames.open(id), frames.reset(id)],
  'yamux pings': id => [frames.ping(id)],
}

/** One connection, on which nothing is forbidden, and too much of it happens. */
export const cheapFrames = Object.entries(KINDS).map(([kind, make]) =>
  flood({
    title: `one connection, ${kind}`,
    short: kind.includes('reset') || kind.includes('byte'),
    async attack({ addresses: [address = ''], forMs }, begun) {
      const peer = await RawPeer.dial(address, { from: attacker() })
      // What is answered is of no interest, but is read.
      peer.onBytes(() => {})
      const ids = streamIds()
      begun()
      const { over, wait } = endOf(forMs)
      while (!over() && !peer.socket.destroyed) {
        const batch = Array.from({ length: BATCH }, () => make(ids.next().value as number))
        await pour(peer, Buffer.concat(batch.flat()), once(over))
      }
      const cutOff = peer.socket.destroyed ? 1 : 0
      await wait()
      return { bytes: sent([peer]), counts: { cutOff } }
    },
    holds: { cpuShare: 25, dials: 3, turnedAway: 5, gapMs: 500, recoveryMs: 1000, descriptors: 2 },
    also: (_, { counts }) => [
      {
        name: `one connection, ${kind}: goes on to the end`,
        value: 1 - (counts?.cutOff ?? 0),
        unit: 'count',
        atMost: 0,
        note: 'the connection is to be closed before',
      },
    ],
  }),
)

/** True from the second time on that it is asked, and when the time is over. */
function once(over: () => boolean): () => boolean {
  let asked = 0
  return () => over() || ++asked > 1
}
