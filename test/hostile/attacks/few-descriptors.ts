import { RawPeer } from '../../support/peers/raw-peer.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'
import { allOf, endOf, sent } from './harness/while.ts'

const PEERS = 60

/** More peers than the system lets a process have connections. */
export const fewDescriptors = [64, 48].map(descriptors =>
  flood({
    title: `${PEERS} connections, ${descriptors} descriptors`,
    short: descriptors === 48,
    victim: { descriptors },
    async attack({ addresses: [address = ''], forMs }, begun) {
      begun()
      const dials = Array.from({ length: PEERS }, (_, index) =>
        RawPeer.dial(address, { from: attacker(index) }),
      )
      const { wait } = endOf(forMs)
      const peers = await Promise.race([allOf(dials), wait().then(() => [])])
      await wait()
      return { bytes: sent(peers) }
    },
    // With every place taken nobody else comes in: what is kept free is for the operator.
    holds: { cpuShare: 50, growthMb: 60, dials: 3, gapMs: 500, recoveryMs: 1000, descriptors: 2 },
  }),
)
