import type { Socket } from 'node:net'
import { setTimeout as passed } from 'node:timers/promises'
import { MULTISTREAM, negotiation, openSocket } from '../../support/peers/raw-peer.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'
import { allOf, endOf } from './harness/while.ts'

const SOCKETS = 450
/** Below what one host may begin a second. */
const BATCH = { size: 30, everyMs: 200 }

/** What is said before the silence. TLS: the beginning of a record that is 16 KiB long (RFC 8446, section 5.1). */
const BEGINNINGS: Readonly<Record<string, Uint8Array>> = {
  'say nothing': new Uint8Array(),
  'stop in the middle of noise': Buffer.concat([negotiation(MULTISTREAM, '/noise'), Buffer.of(0, 32, 1, 2)]),
  'stop in the middle of TLS': Buffer.concat([
    negotiation(MULTISTREAM, '/tls/1.0.0'),
    Buffer.of(22, 3, 1, 0x40, 0, 1),
  ]),
}

/** A place among the handshakes is taken until somebody gives up. */
export const idleHandshakes = Object.entries(BEGINNINGS).map(([how, words]) =>
  flood({
    title: `${SOCKETS} sockets of one host that ${how}`,
    short: how.includes('nothing'),
    async attack({ addresses: [address = ''], forMs }, begun) {
      const sockets: Socket[] = []
      while (sockets.length < SOCKETS) {
        const batch = await allOf(
          Array.from({ length: BATCH.size }, () => openSocket(address, { from: attacker() })),
        )
        for (const socket of batch) socket.resume().write(words)
        sockets.push(...batch)
        await passed(BATCH.everyMs)
      }
      begun()
      await endOf(forMs).wait()
      return {
        bytes: sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
        dropped: sockets.filter(({ destroyed }) => destroyed).length,
      }
    },
    holds: {
      cpuShare: 50,
      growthMb: 60,
      dials: 3,
      turnedAway: 5,
      gapMs: 500,
      recoveryMs: 1000,
      descriptors: 2,
      uncounted: 10,
    },
  }),
)
