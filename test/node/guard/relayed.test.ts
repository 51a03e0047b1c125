/** A connection through a relay: its raw connection is a stream of the connection to that relay. */
import { yamux } from '@chainsafe/libp2p-yamux'
import type { MultiaddrConnection, Stream } from '@libp2p/interface'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
// What the relay's transport makes of a stream; the package does not export it.
import { streamToMaConnection } from '../../../node_modules/@libp2p/circuit-relay-v2/dist/src/transport/stream-to-conn.js'
import { Budgets } from '../../../src/node/guard/budget.ts'
import { ConnectionGuard, TURN_US } from '../../../src/node/guard/connection-guard.ts'
import type { RawWire } from '../../../src/node/guard/parts.ts'
import { dataBeforeEnd } from '../../../src/node/transport/data-before-end.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { FLAG, FRAME, frame, frames } from '../../support/peers/raw-peer.ts'
import { turns, until } from '../../support/peers/until.ts'

const VIA =
  '/ip4/192.0.2.1/tcp/1/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN/p2p-circuit/p2p/QmNnooDu7bfjPFoTZYxMNLWUQJyrVwtbZg5gBMjTezGAJN'

/** A guarded connection over stream 1 of yamux. Each piece that comes over it is worth a turn of the others. */
async function relayed() {
  const [, below] = multiaddrConnectionPair()
  const wire = below as unknown as RawWire
  const muxer = dataBeforeEnd(yamux({ enableKeepAlive: false }) as never)({} as never).createStreamMuxer(
    below,
  )
  const opened = new Promise<Stream>(resolve =>
    muxer.addEventListener('stream', ({ detail }) => resolve(detail), { once: true }),
  )
  wire.onData(frames.open(1))
  const stream = await opened
  const raw = streamToMaConnection({
    stream,
    remoteAddr: multiaddr(VIA),
    log: stream.log,
  } as never) as MultiaddrConnection & RawWire
  const clock = new ManualClock()
  const guard = new ConnectionGuard(raw, {
    clock,
    budgets: new Budgets(clock),
    framingOf: () => undefined,
    exceeded: () => {},
  })
  const heard: string[] = []
  raw.addEventListener('message', ({ data }) => {
    heard.push(Buffer.from(data.subarray()).toString())
    guard.spend(TURN_US)
  })
  // What is above takes nothing any more from here on.
  raw.addEventListener('close', () => heard.push('the end'))
  return { wire, raw, heard }
}

const said = (words: string, flags = 0) => frames.data(1, Buffer.from(words), flags)

it.each([
  ['in the frame of the last of them', [said('one '), said('two '), said('three ', FLAG.fin)]],
  ['behind them', [said('one '), said('two '), said('three '), frames.end(1)]],
  ['by the relay, which goes', [said('one '), said('two '), said('three '), frame(FRAME.goAway, 0, 0, 0)]],
])('has all that came before its end, while it gives way to others: it ends %s', async (_, all) => {
  const { wire, raw, heard } = await relayed()
  wire.onData(Buffer.concat(all))
  await until(() => raw.status === 'closed')
  await turns()
  expect(heard.join('')).toBe('one two three the end')
})
