/**
 * Honest peers of libp2p's own packages, in a process of their own: friends whom the operator dials, one that pings all the
 * time, and newcomers. Told what to do by messages (`Order`), each of which is answered (`Answer`).
 */

import { setTimeout as passed } from 'node:timers/promises'
import { quic } from '@chainsafe/libp2p-quic'
import type { Libp2p, Stream } from '@libp2p/interface'
import { PING_PROTOCOL, type Ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { addressOf, startPeer } from '../../../support/peers/peer.ts'
import { FRIENDS, newcomer, PINGER } from './hosts.ts'

export type Order =
  /** Starts friends, and newcomers that wait. */
  | { do: 'gather'; friends: number; newcomers: number }
  /** Has one peer ping an address from now on. */
  | { do: 'watch'; address: string }
  /** Begins to look for the longest time without an answer to it, anew. */
  | { do: 'reset' }
  /** Has the newcomers come one by one, over so many ms; answered when the last one is in or was turned away. */
  | { do: 'arrive'; address: string; overMs: number }

export interface Answer {
  /** Of `gather`: where the friends listen, with their Peer IDs. */
  friends?: string[]
  /** Of `reset`: the longest time without an answer until then, in ms. */
  longestGapMs?: number
  /** Of `arrive`: how many newcomers came and were answered a ping. */
  arrived?: number
}

/** How long a newcomer tries. */
const PATIENCE_MS = 5_000
const PING_PAUSE_MS = 10
const PING_BYTES = 32
/** A ping stream that is silent for so long is given up, and its peer dials again. */
const SILENT_MS = 2_000

let newcomers: Libp2p[] = []
let lastAnswer = performance.now()
let longestGapMs = 0

process.on('message', async (order: Order) => process.send?.(await obey(order)))
process.on('disconnect', () => process.exit(0))

async function obey(order: Order): Promise<Answer> {
  switch (order.do) {
    case 'gather': {
      const listen = [`/ip4/${FRIENDS}/tcp/0`]
      const friends = await Promise.all(Array.from({ length: order.friends }, () => startPeer({ listen })))
      newcomers = await Promise.all(
        Array.from({ length: order.newcomers }, (_, index) =>
          startPeer({ listen: [], from: newcomer(index), transports: [webSockets(), quic()] }),
        ),
      )
      return { friends: friends.map(friend => addressOf(friend).toString()) }
    }
    case 'watch': {
      const first = Promise.withResolvers<void>()
      void watch(multiaddr(order.address), first.resolve)
      await first.promise
      return {}
    }
    case 'reset': {
      const gap = Math.max(longestGapMs, performance.now() - lastAnswer)
      longestGapMs = 0
      lastAnswer = performance.now()
      return { longestGapMs: gap }
    }
    case 'arrive': {
      const pauseMs = order.overMs / newcomers.length
      const comings = newcomers.map(async (peer, index) => {
        await passed(pauseMs * index)
        return comes(peer, multiaddr(order.address))
      })
      return { arrived: (await Promise.all(comings)).filter(Boolean).length }
    }
  }
}

async function comes(peer: Libp2p, address: Multiaddr): Promise<boolean> {
  const { ping } = peer.services as unknown as { ping: Ping }
  const signal = AbortSignal.timeout(PATIENCE_MS)
  try {
    await ping.ping(address, { signal })
    return true
  } catch {
    return false
  }
}

/** Pings for ever; whatever ends that, it dials again. */
async function watch(address: Multiaddr, begun: () => void): Promise<void> {
  const peer = await startPeer({ listen: [], from: PINGER, transports: [webSockets(), quic()] })
  for (;;) {
    try {
      const signal = AbortSignal.timeout(SILENT_MS)
      await pings(await peer.dialProtocol(address, PING_PROTOCOL, { signal }), begun)
    } catch {
      for (const connection of peer.getConnections()) connection.abort(new Error('silent'))
    }
    await passed(PING_PAUSE_MS)
  }
}

async function pings(stream: Stream, answered: () => void): Promise<void> {
  let received = 0
  let wake = (): void => {}
  stream.addEventListener('message', ({ data }) => {
    received += data.byteLength
    wake()
  })
  for (let sent = 0; ; ) {
    stream.send(crypto.getRandomValues(new Uint8Array(PING_BYTES)))
    sent += PING_BYTES
    while (received < sent) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      wake = resolve
      const late = setTimeout(() => reject(new Error('silent')), SILENT_MS)
      await promise.finally(() => clearTimeout(late))
    }
    const now = performance.now()
    longestGapMs = Math.max(longestGapMs, now - lastAnswer)
    lastAnswer = now
    answered()
    await passed(PING_PAUSE_MS)
  }
}
