import { frames, RawPeer } from '../../support/peers/raw-peer.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'
import { allOf, endOf, pour, sent } from './harness/while.ts'

const PEERS = 20
const STREAMS = 8
/** All that a new stream takes before its other side allows more. */
const GARBAGE = new Uint8Array(32_768).fill(0xff)

/** Where the name of a protocol belongs, 0xff is a byte of a length that goes on. */
export const garbageInStreams = flood({
  title: '20 connections, garbage in their streams',
  short: true,
  async attack({ addresses: [address = ''], forMs }, begun) {
    const dials = Array.from({ length: PEERS }, (_, index) =>
      RawPeer.dial(address, { from: attacker(index) }),
    )
    const peers = await allOf(dials)
    begun()
    const { over, wait } = endOf(forMs)
    const bursts = peers.map(async peer => {
      peer.onBytes(() => {})
      for (let id = 1; !over() && !peer.socket.destroyed; id += 2) {
        const [first] = [frames.open(id), frames.data(id, GARBAGE)]
        let sends = 0
        await pour(peer, Buffer.concat([first, frames.data(id, GARBAGE)]), () => over() || sends++ > 0)
        if (id % (2 * STREAMS) === 1) peer.send(frames.reset(Math.max(1, id - 2 * STREAMS)))
      }
    })
    await Promise.all(bursts)
    await wait()
    return { bytes: sent(peers) }
  },
  holds: {
    cpuPerMb: 0.1,
    growthMb: 80,
    dials: 3,
    turnedAway: 5,
    gapMs: 500,
    recoveryMs: 1000,
    descriptors: 2,
  },
})
