import type { Socket } from 'node:net'
import { setTimeout as passed } from 'node:timers/promises'
import { openSocket } from '../../support/peers/raw-peer.ts'
import { flood } from './harness/flood.ts'
import { attacker, VICTIM } from './harness/hosts.ts'
import { allOf, endOf } from './harness/while.ts'

const LISTEN = [`/ip4/${VICTIM}/tcp/0/ws`, `/ip4/${VICTIM}/tcp/0`]
const UPGRADE = [
  'GET / HTTP/1.1',
  `Host: ${VICTIM}`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n')
const FRAME_BYTES = 95 * 2 ** 20
const PIECE = Buffer.alloc(2 ** 20)

const webSocketOf = (addresses: readonly string[]) => addresses.find(address => address.includes('/ws')) ?? ''

/** The beginning of one frame: final, binary, masked with zeros (RFC 6455, section 5.2). */
function frameHeader(length: number): Buffer {
  const header = Buffer.alloc(14)
  header.set([0x82, 0xff])
  header.writeBigUInt64BE(BigInt(length), 2)
  return header
}

/** All of a frame but its end: whoever gathers it has nothing to hand on. */
export const unfinishedFrames = flood({
  title: 'WebSocket: frames of 95 MiB that never end',
  short: true,
  victim: { listen: LISTEN },
  async attack({ addresses, forMs }, begun) {
    const sockets = await allOf(
      Array.from({ length: 12 }, (_, index) => openSocket(webSocketOf(addresses), { from: attacker(index) })),
    )
    begun()
    const { over, wait } = endOf(forMs)
    await Promise.all(sockets.map(socket => unfinished(socket, over)))
    await wait()
    return { bytes: sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0) }
  },
  holds: {
    cpuPerMb: 0.5,
    growthMb: 60,
    dials: 3,
    turnedAway: 5,
    gapMs: 500,
    recoveryMs: 1000,
    descriptors: 2,
  },
})

async function unfinished(socket: Socket, over: () => boolean): Promise<void> {
  socket.resume().write(UPGRADE)
  socket.write(frameHeader(FRAME_BYTES))
  for (let rest = FRAME_BYTES - PIECE.length; rest > 0 && !over() && socket.writable; rest -= PIECE.length) {
    socket.write(PIECE)
    while (socket.writableNeedDrain && socket.writable && !over()) await passed(5)
  }
}

/** Connections that do not even begin with HTTP. */
export const silentSockets = flood({
  title: 'WebSocket: 1,500 silent sockets of one host, 1,024 descriptors',
  short: true,
  victim: { listen: LISTEN, descriptors: 224 },
  comesTo: webSocketOf,
  async attack({ addresses, forMs }, begun) {
    begun()
    const { over, wait } = endOf(forMs)
    const sockets: Socket[] = []
    while (sockets.length < 1_500 && !over()) {
      sockets.push(
        ...(await allOf(
          Array.from({ length: 50 }, () => openSocket(webSocketOf(addresses), { from: attacker() })),
        )),
      )
      for (const socket of sockets.slice(-50)) socket.resume()
    }
    await wait()
    const open = sockets.filter(({ destroyed }) => !destroyed).length
    return { bytes: 0, dropped: sockets.length - open, counts: { open } }
  },
  holds: {
    cpuShare: 50,
    growthMb: 80,
    dials: 3,
    turnedAway: 5,
    gapMs: 500,
    recoveryMs: 1000,
    descriptors: 2,
    uncounted: 10,
  },
  also: (_, { counts }) => [
    {
      name: 'WebSocket: 1,500 silent sockets of one host, 1,024 descriptors: sockets open',
      value: counts?.open ?? Number.NaN,
      unit: 'count',
      atMost: 500,
      note: 'at the end of the attack',
    },
  ],
})
