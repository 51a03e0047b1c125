import type { Libp2p, Stream } from '@libp2p/interface'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DEFAULT_RELAY_SERVER, type RelayServerOptions } from '../../src/node/options.ts'
import { BOUNDS } from '../../src/node/serving/bounds.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import { askForPeer, askRelay, holdStops, reserveOnce, takeUnread } from '../support/peers/relay-peers.ts'
import { turns, until } from '../support/peers/until.ts'
import { watchNode } from '../support/watched-node.ts'

/** Status codes of circuit relay v2. */
const STATUS = {
  ok: 100,
  connectionFailed: 203,
  noReservation: 204,
  malformed: 400,
  unexpected: 401,
} as const
const HOP = '/libp2p/circuit/relay/0.2.0/hop'
const MiB = 1024 * 1024

async function peer(from?: string): Promise<Libp2p> {
  const started = await startPeer({ listen: [], ...(from === undefined ? {} : { from }) })
  onTestFinished(() => stopPeers([started]))
  return started
}

/** A relay of ours, and a peer of libp2p's own that has a reservation there and does with circuits what `onStop` does. */
async function relayWithHolder(
  limits: Partial<RelayServerOptions> = {},
  onStop: (stream: Stream) => void = () => {},
) {
  const clock = new ManualClock(Date.now())
  const relay = watchNode({ relayServer: { ...DEFAULT_RELAY_SERVER, ...limits } }, clock)
  const address = await relay.address()
  const holder = await peer()
  const stops = await holdStops(holder, onStop)
  await reserveOnce(holder, address)
  return { clock, relay, address, holder, stops }
}

/** Streams of the relay protocols that a peer has open. */
const relayStreams = (of: Libp2p): Stream[] =>
  of.getConnections().flatMap(({ streams }) => streams.filter(({ protocol }) => protocol.includes('/relay/')))

describe('a relay', () => {
  it('tells who dials that a holder does not answer, and keeps no stream to it', async () => {
    const { clock, relay, address, holder, stops } = await relayWithHolder()
    const dialer = await peer()
    const { status } = await askForPeer(dialer, address, holder.peerId)
    await until(() => stops.length === 1)
    await clock.advanceAsync(10_000, 1_000)
    expect(await status).toBe(STATUS.connectionFailed)
    await until(() => stops[0]?.status === 'reset')
    expect((await relay.heard('circuit:refused')).reason).toBe('the target did not accept the connection')
    // Nor the one of the request, though who dials leaves it open.
    await clock.advanceAsync(10_000, 1_000)
    await until(() => relayStreams(dialer).length === 0)
  })

  it.each([
    ['a request of no kind that there is', Uint8Array.of(2, 0x08, 2), STATUS.unexpected],
    ['a connection to nobody', Uint8Array.of(2, 0x08, 1), STATUS.malformed],
    ['what is no message', Uint8Array.of(3, 0xff, 0xff, 0xff), STATUS.malformed],
  ])('answers %s and closes the stream', async (_, request, code) => {
    const { clock, address } = await relayWithHolder()
    const dialer = await peer()
    const { stream, status } = await askRelay(dialer, address, request)
    expect(await status).toBe(code)
    await turns()
    await clock.advanceAsync(10_000, 1_000)
    await until(() => stream.status !== 'open')
  })

  it('answers that there is no reservation, and closes the stream', async () => {
    const { clock, address } = await relayWithHolder()
    const dialer = await peer()
    const { stream, status } = await askForPeer(dialer, address, dialer.peerId)
    expect(await status).toBe(STATUS.noReservation)
    await turns()
    await clock.advanceAsync(10_000, 1_000)
    await until(() => stream.status !== 'open')
  })

  it('reads no faster than the other side does, and passes everything on', async () => {
    const limits = { connectionBytes: 1_000 * MiB }
    const { relay, address, holder, stops } = await relayWithHolder(limits, takeUnread)
    const dialer = await peer()
    const { stream, status } = await askForPeer(dialer, address, holder.peerId)
    expect(await status).toBe(STATUS.ok)
    const opened = await relay.heard('circuit:opened')

    // Until its own buffer is what grows: the relay has stopped reading.
    let sent = 0
    for (let full = 0; full < 200; await turns(1)) {
      if (stream.writeBufferLength > MiB) full += 1
      else {
        full = 0
        stream.send(new Uint8Array(64 * 1024))
        sent += 64 * 1024
      }
      expect(sent).toBeLessThan(16 * MiB)
    }
    expect(relay.events.filter(({ type }) => type === 'circuit:closed')).toEqual([])

    let received = 0
    stops[0]?.addEventListener('message', ({ data }) => {
      received += data.byteLength
    })
    stops[0]?.resume()
    await until(() => received === sent)
    await stream.close()
    expect(relay.state().circuits.has(opened.circuitId)).toBe(true)
  })

  it('answers others while one host asks without end, tells it, and disconnects it', async () => {
    const { relay, address } = await relayWithHolder()
    const flooder = await peer('127.0.0.66')
    const ask = async () => {
      const { stream, status } = await askRelay(flooder, address)
      const code = await status
      stream.abort(new Error('asked'))
      return code
    }
    const { burst } = BOUNDS[HOP]?.requests ?? { burst: 0 }
    for (let n = 0; n < burst; n += 1) await ask()
    expect(await ask()).toBeUndefined()
    const told = await relay.heard('limit:exceeded', ({ limit }) => limit === 'requests')
    expect(told).toMatchObject({ action: 'refused', host: '127.0.0.66', protocol: HOP })

    const honest = await peer('127.0.0.2')
    expect(await (await askRelay(honest, address)).status).toBe(STATUS.ok)

    const before = flooder.getConnections().length
    expect(before).toBe(1)
    const [connection] = flooder.getConnections()
    // The connection may close before the stream is agreed on.
    while (connection?.status === 'open') await ask().catch(() => undefined)
    await relay.heard('connection:closed', ({ peerId }) => peerId === flooder.peerId.toString())
  })
})
