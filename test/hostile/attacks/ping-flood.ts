import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PING_PROTOCOL } from '@libp2p/ping'
import { frames, MULTISTREAM, negotiation, RawPeer } from '../../support/peers/raw-peer.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'
import { endOf, pour, sent } from './harness/while.ts'

const TITLE = 'pings of one peer without a pause'
const LOG = 'events.log'
const PINGS = 200

/** Each ping is an event: for the screen, for standard output, for the log file. */
export const pingFlood = flood({
  title: TITLE,
  short: true,
  victim: { args: ['--log-file', LOG] },
  async attack({ addresses: [address = ''], forMs }, begun) {
    const peer = await RawPeer.dial(address, { from: attacker() })
    let answered = 0
    peer.onBytes(bytes => {
      answered += bytes.length
      // What was answered may be answered again.
      peer.send(frames.window(1, bytes.length))
    })
    peer.send(frames.open(1), frames.data(1, negotiation(MULTISTREAM, PING_PROTOCOL)))
    begun()
    const { over, wait } = endOf(forMs)
    const ping = frames.data(1, new Uint8Array(32))
    const burst = Buffer.concat(Array.from({ length: PINGS }, () => ping))
    for (let asked = 0; !over() && !peer.socket.destroyed; ) {
      let sends = 0
      await pour(peer, burst, () => over() || sends++ > 0)
      asked += burst.length
      // The window of a stream is 256 KiB: no more than that may be on its way.
      while (asked - answered > 128 * 1024 && !over() && !peer.socket.destroyed) {
        await new Promise(resolve => setTimeout(resolve, 2))
      }
    }
    await wait()
    return { bytes: sent([peer]) }
  },
  holds: {
    cpuShare: 50,
    growthMb: 80,
    dials: 3,
    turnedAway: 5,
    gapMs: 500,
    recoveryMs: 1000,
    descriptors: 2,
  },
  also: ({ home }) => {
    const bytes = readdirSync(home)
      .filter(name => name.startsWith(LOG))
      .reduce((sum, name) => sum + statSync(join(home, name)).size, 0)
    return [{ name: `${TITLE}: log file`, value: bytes / 1e6, unit: 'MB', atMost: 2 }]
  },
})
