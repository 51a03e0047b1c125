import { frames, RawPeer } from '../../support/peers/raw-peer.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'
import { allOf, endOf, pour, sent } from './harness/while.ts'

const PEERS = 2
/** A batch of pings; each asks for an answer of 12 bytes. */
const PINGS = Buffer.concat(Array.from({ length: 2_000 }, (_, id) => frames.ping(id)))

/** The answers have to wait somewhere. */
export const unreadPings = flood({
  title: 'yamux pings whose answers are not read',
  short: true,
  // Answers pile up as fast as they are made.
  times: 1.5,
  async attack({ addresses: [address = ''], forMs }, begun) {
    const peers = await allOf(
      Array.from({ length: PEERS }, (_, index) => RawPeer.dial(address, { from: attacker(index) })),
    )
    for (const peer of peers) peer.pause()
    begun()
    const { over, wait } = endOf(forMs)
    await Promise.all(peers.map(peer => pour(peer, PINGS, over)))
    await wait()
    return { bytes: sent(peers) }
  },
  holds: {
    cpuPerMb: 0.5,
    growthMb: 80,
    dials: 3,
    turnedAway: 5,
    gapMs: 500,
    recoveryMs: 1000,
    descriptors: 2,
  },
})
