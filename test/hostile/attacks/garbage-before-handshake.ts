import { once } from 'node:events'
import { openSocket } from '../../support/peers/raw-peer.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'

const MEGABYTE = Buffer.alloc(1e6, 0xff)
/** 0xff is a byte of a length that goes on: no length ends in a megabyte of them. */
export const garbageBeforeHandshake = flood({
  title: 'a megabyte of 0xff instead of a handshake',
  short: true,
  async attack({ addresses: [address = ''], forMs }, begun) {
    let bytes = 0
    let dropped = 0
    begun()
    for (const end = performance.now() + forMs; performance.now() < end; ) {
      const socket = await openSocket(address, { from: attacker() })
      socket.resume().end(MEGABYTE)
      const late = setTimeout(() => socket.destroy(), Math.max(0, end - performance.now()))
      await once(socket, 'close').catch(() => {})
      clearTimeout(late)
      if (performance.now() < end) dropped += 1
      bytes += socket.bytesWritten - socket.writableLength
    }
    return { bytes, dropped }
  },
  holds: {
    cpuPerMb: 0.01,
    growthMb: 50,
    dials: 1.5,
    turnedAway: 5,
    gapMs: 250,
    recoveryMs: 1000,
    descriptors: 2,
    uncounted: 10,
  },
})
