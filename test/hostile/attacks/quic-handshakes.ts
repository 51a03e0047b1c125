import { setTimeout as passed } from 'node:timers/promises'
import { quic } from '@chainsafe/libp2p-quic'
import { multiaddr } from '@multiformats/multiaddr'
import { OneWay } from '../../support/peers/one-way.ts'
import { startPeer } from '../../support/peers/peer.ts'
import { flood } from './harness/flood.ts'
import { attacker, VICTIM } from './harness/hosts.ts'
import { endOf } from './harness/while.ts'

const HANDSHAKES = 100
const PAUSE_MS = 20

const quicOf = (addresses: readonly string[]) => addresses.find(address => address.includes('/quic-v1')) ?? ''

/** A good beginning each, after which nothing comes: the other side keeps keys, and says its part again and again. */
export const stalledQuic = flood({
  title: `QUIC: ${HANDSHAKES} handshakes at a time that stop after the first packet`,
  short: true,
  victim: { listen: [`/ip4/${VICTIM}/udp/0/quic-v1`, `/ip4/${VICTIM}/tcp/0`] },
  comesTo: quicOf,
  async attack({ addresses, forMs }, begun) {
    const components = multiaddr(quicOf(addresses)).getComponents()
    const to = { address: VICTIM, port: Number(components.find(({ name }) => name === 'udp')?.value) }
    const peer = await startPeer({ listen: [], transports: [quic()] })
    begun()
    const { over } = endOf(forMs)
    let bytes = 0
    const stall = async (): Promise<void> => {
      while (!over()) {
        using way = await OneWay.open(attacker(), to)
        await peer.dial(way.address, { signal: AbortSignal.timeout(forMs) }).catch(() => {})
        bytes += way.bytes
        await passed(PAUSE_MS)
      }
    }
    await Promise.all(Array.from({ length: HANDSHAKES }, stall))
    await peer.stop()
    return { bytes }
  },
  holds: {
    cpuShare: 50,
    growthMb: 60,
    dials: 3,
    turnedAway: 5,
    gapMs: 500,
    recoveryMs: 1000,
    descriptors: 2,
    // They are told when they fail, which in machine code is 10 s later.
    told: false,
  },
})
