import type { Libp2p, Stream } from '@libp2p/interface'
import { PING_PROTOCOL } from '@libp2p/ping'
import { startPeer } from './peer.ts'

/** One ping stream as its answering side sees it. */
export interface Asked {
  stream: Stream
  /** The pings that have come, 32 bytes each. */
  pings: Uint8Array[]
}

export interface OddPinger {
  peer: Libp2p
  /** Every ping stream that was ever opened to it, in order. */
  streams: Asked[]
}

/** A peer whose ping protocol does what `onPing` does with each ping, and never more. */
export async function startPinger(onPing: (ping: Uint8Array, asked: Asked) => void): Promise<OddPinger> {
  const peer = await startPeer({ ping: false })
  const streams: Asked[] = []
  await peer.handle(
    PING_PROTOCOL,
    stream => {
      const asked: Asked = { stream, pings: [] }
      streams.push(asked)
      stream.addEventListener('message', ({ data }) => {
        const ping = data.subarray().slice()
        asked.pings.push(ping)
        onPing(ping, asked)
      })
    },
    { maxInboundStreams: 1000 },
  )
  return { peer, streams }
}

/** Answers as it should. */
export const startEcho = (): Promise<OddPinger> => startPinger((ping, { stream }) => void stream.send(ping))

/** Takes pings and never says a word. */
export const startSilent = (): Promise<OddPinger> => startPinger(() => {})

/** Answers with bytes that nobody sent. */
export const startGarbage = (): Promise<OddPinger> =>
  startPinger((ping, { stream }) => void stream.send(ping.map(byte => byte ^ 0xff)))

/** Answers right, and then some. */
export const startTalkative = (): Promise<OddPinger> =>
  startPinger((ping, { stream }) => void stream.send(new Uint8Array([...ping, ...new Uint8Array(100_000)])))

/** Closes the stream instead of answering. */
export const startClosing = (): Promise<OddPinger> => startPinger((_, { stream }) => void stream.close())

/** Resets the stream instead of answering. */
export const startResetting = (): Promise<OddPinger> =>
  startPinger((_, { stream }) => stream.abort(new Error('no')))

/** Answers one ping a stream, then closes it. */
export const startOnceOnly = (): Promise<OddPinger> =>
  startPinger((ping, { stream, pings }) => {
    if (pings.length === 1) stream.send(ping)
    void stream.close()
  })

/** Answers byte by byte, each in a frame of its own. */
export const startCrumbling = (): Promise<OddPinger> =>
  startPinger(async (ping, { stream }) => {
    for (const byte of ping) {
      stream.send(Uint8Array.of(byte))
      await new Promise(resolve => setImmediate(resolve))
    }
  })
