/**
 * A process of plain libp2p nodes on loopback that answer pings, and of a TCP server that echoes.
 *
 * `crowd.ts <how many>` writes one line of JSON, a {@link Crowd}, and ends when its stdin does.
 */
import { addressOf, startPeer } from '../../test/support/peers/peer.ts'
import { startServer } from '../../test/support/peers/servers.ts'

/** Where the crowd can be reached. */
export interface Crowd {
  /** A multiaddr for each node, with its Peer ID. */
  addresses: string[]
  /** The port of the echo, on 127.0.0.1. */
  echoPort: number
}

/** A ping stream may stay open for as long as any measurement takes. */
const PING_STREAM_MS = 60 * 60 * 1000

const count = Number(process.argv[2] ?? 1)
const echo = await startServer(socket => {
  socket.setNoDelay(true)
  socket.on('data', data => void socket.write(data))
})
const peers = await Promise.all(
  Array.from({ length: count }, () => startPeer({ pingStreamMs: PING_STREAM_MS })),
)
const crowd: Crowd = { addresses: peers.map(peer => addressOf(peer).toString()), echoPort: echo.port }
process.stdout.write(`${JSON.stringify(crowd)}\n`)
// Whoever started this holds the other end: when they are gone, so is this.
process.stdin.resume().on('end', () => process.exit(0))
