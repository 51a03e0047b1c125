/**
 * Fifty peers around one program, each on a host of its own: most come, go, ping, open streams and change what they speak;
 * two are hostile. `crowd.ts <multiaddr>` goes on until its stdin ends, and writes a line of JSON for each visit that went
 * well ({@link Visit}). Everything that it does is bounded, and what the program refuses is no failure.
 */
import { setTimeout as passed } from 'node:timers/promises'
import type { Connection, Libp2p } from '@libp2p/interface'
import { PING_PROTOCOL, type Ping } from '@libp2p/ping'
import { multiaddr } from '@multiformats/multiaddr'
import { startPeer } from '../../test/support/peers/peer.ts'
import { frames, openSocket, RawPeer } from '../../test/support/peers/raw-peer.ts'

/** A visit of an honest peer, at its end. */
export interface Visit {
  /** How often it got an answer to its pings. */
  answers: number
}

const HONEST = 48
const HOSTILE = 2
/** A visit takes so long at the least and at the most, and so does the time until the next one. */
const STAY_MS = [2_000, 20_000] as const
const AWAY_MS = [500, 8_000] as const
const PAUSE_MS = [100, 1_500] as const
/** Longer than anything takes: who gives up in the middle of a handshake and begins anew only makes more of them. */
const DIAL_MS = 30_000
/** They do not all come at once. */
const FIRST_MS = [0, 20_000] as const
/** A hostile peer's burst, and the time until its next one: what is soaked is to run, not to stand still. */
const BURST_MS = 1_000
const REST_MS = [4_000, 12_000] as const
/** Streams that are opened and left open for a while. */
const IDLE_STREAMS = 6
const GARBAGE = Buffer.alloc(16_384, 0xff)

const target = multiaddr(process.argv[2])
process.stdin.resume().on('end', () => process.exit(0))
// Whatever breaks off in the middle is what peers are there for here.
process.on('unhandledRejection', () => {})

const honest = Array.from({ length: HONEST }, (_, index) => live(index))
const hostile = Array.from({ length: HOSTILE }, (_, index) => harm(index))
await Promise.all([...honest, ...hostile])

async function live(index: number): Promise<void> {
  const peer = await startPeer({ from: `127.0.1.${index + 1}`, listen: [`/ip4/127.0.1.${index + 1}/tcp/0`] })
  for (let visit = 0; ; visit += 1) {
    await passed(between(visit === 0 ? FIRST_MS : AWAY_MS))
    const answers = await visitOf(peer, visit).catch(() => 0)
    if (answers > 0) process.stdout.write(`${JSON.stringify({ answers } satisfies Visit)}\n`)
    await Promise.all(peer.getConnections().map(connection => leave(connection, visit)))
  }
}

/** @returns how often its pings were answered */
async function visitOf(peer: Libp2p, visit: number): Promise<number> {
  const connection = await peer.dial(target, { signal: AbortSignal.timeout(DIAL_MS) })
  const end = performance.now() + between(STAY_MS)
  let answers = 0
  while (performance.now() < end && connection.status === 'open') {
    await passed(between(PAUSE_MS))
    await ping(peer, connection).then(
      () => {
        answers += 1
      },
      () => {},
    )
    if (visit % 2 === 0) await streams(connection)
    else await changes(peer, visit)
  }
  return answers
}

/** Some say goodbye, others just vanish. */
async function leave(connection: Connection, visit: number): Promise<void> {
  if (visit % 3 === 0) connection.abort(new Error('gone'))
  else await connection.close({ signal: AbortSignal.timeout(DIAL_MS) }).catch(() => {})
}

async function ping(peer: Libp2p, { remotePeer }: Connection): Promise<void> {
  const { ping: service } = peer.services as unknown as { ping: Ping }
  await service.ping(remotePeer, { signal: AbortSignal.timeout(DIAL_MS) })
}

async function streams(connection: Connection): Promise<void> {
  const signal = AbortSignal.timeout(DIAL_MS)
  const opened = await Promise.allSettled(
    Array.from({ length: IDLE_STREAMS }, () => connection.newStream(PING_PROTOCOL, { signal })),
  )
  await passed(between(PAUSE_MS))
  for (const [place, result] of opened.entries()) {
    if (result.status === 'rejected') continue
    if (place % 2 === 0) result.value.abort(new Error('changed my mind'))
    else await result.value.close({ signal }).catch(() => {})
  }
}

/** Speaks one protocol more or less from now on, and tells all that it is connected to. */
async function changes(peer: Libp2p, visit: number): Promise<void> {
  const protocol = `/soak/${visit % 5}/1.0.0`
  if (peer.getProtocols().includes(protocol)) await peer.unhandle(protocol)
  else await peer.handle(protocol, stream => void stream.close().catch(() => {}))
}

async function harm(index: number): Promise<void> {
  const from = `127.0.66.${index + 1}`
  const harms = [() => garbage(from), () => pings(from), () => opensAndResets(from)]
  for (let turn = index; ; turn += 1) {
    await passed(between(REST_MS))
    await harms[turn % harms.length]?.().catch(() => {})
  }
}

/** Bytes that are no handshake. */
async function garbage(from: string): Promise<void> {
  const socket = await openSocket(target, { from })
  socket.resume().end(GARBAGE)
  await passed(BURST_MS)
  socket.destroy()
}

/** Questions whose answers are not read. */
async function pings(from: string): Promise<void> {
  const peer = await RawPeer.dial(target, { from })
  peer.pause()
  await burst(peer, id => frames.ping(id))
}

/** Streams without a use. */
async function opensAndResets(from: string): Promise<void> {
  const peer = await RawPeer.dial(target, { from })
  peer.onBytes(() => {})
  await burst(peer, id => Buffer.concat([frames.open(2 * id + 1), frames.reset(2 * id + 1)]))
}

async function burst(peer: RawPeer, make: (id: number) => Uint8Array): Promise<void> {
  const end = performance.now() + BURST_MS
  for (let id = 0; performance.now() < end && !peer.socket.destroyed; ) {
    peer.send(...Array.from({ length: 100 }, () => make(id++)))
    await passed(20)
  }
  peer.destroy()
}

function between([least, most]: readonly [number, number]): number {
  return least + Math.random() * (most - least)
}
