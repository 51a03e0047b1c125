import type { Connection, Libp2p, Stream, StreamHandler, StreamHandlerOptions } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { streamPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it } from 'vitest'
import type { Excess } from '../../../src/node/limits/node-limits.ts'
import { currentAsker } from '../../../src/node/serving/asker.ts'
import { type Bounds, REFUSALS } from '../../../src/node/serving/bounds.ts'
import { guardHandlers } from '../../../src/node/serving/guard-handlers.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { until } from '../../support/peers/until.ts'

const PROTOCOL = '/test/1.0.0'
const PEER = '12D3KooWEucHPRNRsjrBCaFrYXa8cm5wz6WUUMvdggkJX8FaAEXA'
const GENEROUS: Bounds = { streams: 100, requests: { of: 'host', burst: 1_000, perSecond: 1 } }

let names = 0

interface FakeConnection extends Connection {
  aborted: string | undefined
}

/** A connection of a host of its own, unless it is told which. */
function connectionOf(host = `192.0.2.${++names}`): FakeConnection {
  const connection = {
    id: `c${++names}`,
    remotePeer: peerIdFromString(PEER),
    remoteAddr: multiaddr(host.startsWith('/') ? host : `/ip4/${host}/tcp/1`),
    aborted: undefined as string | undefined,
    abort(error: Error) {
      connection.aborted = error.message
    },
  }
  return connection as never
}

/** A handler that was registered at a node, as libp2p calls it. */
async function guarded(handler: StreamHandler, bounds: Partial<Bounds>, maxInboundStreams?: number) {
  const clock = new ManualClock()
  const excesses: Excess[] = []
  let serve: StreamHandler = () => {}
  const registrar = {
    handle: async (_protocol: string, given: StreamHandler, _options?: StreamHandlerOptions) => {
      serve = given
    },
  }
  const exceeded = (excess: Excess): void => void excesses.push(excess)
  const table = { [PROTOCOL]: { ...GENEROUS, ...bounds } }
  guardHandlers({ components: { registrar } } as unknown as Libp2p, { clock, exceeded, bounds: table })
  await registrar.handle(PROTOCOL, handler, maxInboundStreams === undefined ? {} : { maxInboundStreams })
  /** Opens a stream; `failed` is what the handler came to. */
  const open = async (connection: Connection, prepare: (stream: Stream) => void = () => {}) => {
    const [theirs, ours] = await streamPair()
    prepare(ours)
    const done = Promise.resolve(serve(ours, connection)).then(
      () => undefined,
      (error: Error) => error.message,
    )
    return { theirs, ours, done }
  }
  return { clock, excesses, open }
}

const forever: StreamHandler = () => new Promise(() => {})

describe('a guarded handler', () => {
  it('answers while its host asks no more often than it may, and any other host all the same', async () => {
    const { clock, excesses, open } = await guarded(() => {}, {
      requests: { of: 'host', burst: 2, perSecond: 1 },
    })
    const ask = async (host: string) => (await open(connectionOf(host))).done
    expect([await ask('192.0.2.1'), await ask('192.0.2.1')]).toEqual([undefined, undefined])
    const refused = await open(connectionOf('192.0.2.1'))
    expect(await refused.done).toBe('More than 2 requests at once, or 1 a second')
    expect(refused.ours.status).toBe('aborted')
    expect(excesses).toMatchObject([
      { limit: 'requests', action: 'refused', host: '192.0.2.1', protocol: PROTOCOL },
    ])
    expect(await ask('192.0.2.2')).toBeUndefined()
    clock.advance(1_000)
    expect(await ask('192.0.2.1')).toBeUndefined()
  })

  it('has hosts share what comes through one relay', async () => {
    const { open } = await guarded(() => {}, { requests: { of: 'host', burst: 1, perSecond: 1 } })
    const via = (relay: string) => connectionOf(`/ip4/192.0.2.9/tcp/1/p2p/${relay}/p2p-circuit`)
    const other = '12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X'
    expect(await (await open(via(PEER))).done).toBeUndefined()
    expect(await (await open(via(PEER))).done).toBe('More than 1 request at once, or 1 a second')
    expect(await (await open(via(other))).done).toBeUndefined()
  })

  it('closes the connection of whoever goes on', async () => {
    const { excesses, open } = await guarded(() => {}, {
      requests: { of: 'host', burst: 1, perSecond: 0.001 },
    })
    const flooder = connectionOf()
    await open(flooder)
    for (let n = 0; n < REFUSALS.burst; n += 1) await open(flooder)
    expect(flooder.aborted).toBeUndefined()
    await open(flooder)
    expect(flooder.aborted).toContain('More than 1 request at once')
    expect(excesses.at(-1)?.action).toBe('closed')
  })

  it('has no more streams of one host than it may, over however many connections, until some close', async () => {
    const { excesses, open } = await guarded(forever, { streams: 2 })
    const first = await open(connectionOf('192.0.2.1'))
    await open(connectionOf('192.0.2.1'))
    expect(await (await open(connectionOf('192.0.2.1'))).done).toBe(
      'It already has 2 streams of this protocol open',
    )
    expect(excesses).toMatchObject([{ limit: 'serving', host: '192.0.2.1' }])
    first.ours.abort(new Error('over'))
    await open(connectionOf('192.0.2.1'))
    expect(excesses).toHaveLength(1)
  })

  it('keeps no place for a stream that has closed on its way here', async () => {
    const { excesses, open } = await guarded(forever, { streams: 2 })
    const connection = connectionOf()
    for (let n = 0; n < 3; n += 1)
      await open(connection, stream => stream.abort(new Error('changed my mind')))
    await open(connection)
    expect(excesses).toEqual([])
  })

  it('tells of streams beyond what the handler wants of one connection, which libp2p would not', async () => {
    const { excesses, open } = await guarded(forever, {}, 1)
    const one = connectionOf('192.0.2.1')
    await open(one)
    expect(await (await open(one)).done).toBe('It already has 1 stream of this protocol open')
    await open(connectionOf('192.0.2.1'))
    expect(excesses).toMatchObject([{ limit: 'serving', connectionId: one.id }])
  })

  it('ends what takes too long', async () => {
    const { clock, excesses, open } = await guarded(forever, { withinMs: 5_000 })
    const { ours } = await open(connectionOf())
    clock.advance(4_999)
    expect(ours.status).toBe('open')
    clock.advance(1)
    expect(ours.status).toBe('aborted')
    expect(excesses).toMatchObject([{ limit: 'answering', reason: 'Its request took longer than 5 s' }])
  })

  it('leaves no timer behind, and a stream that it handed on alone', async () => {
    const { clock, excesses, open } = await guarded(() => {}, { withinMs: 5_000, bytes: 10, lasts: true })
    const { ours, theirs, done } = await open(connectionOf())
    await done
    expect(clock.pending).toBe(0)
    ours.addEventListener('message', () => {})
    theirs.send(new Uint8Array(1_000))
    await until(() => ours.readBufferLength === 0)
    expect(ours.status).toBe('open')
    expect(excesses).toEqual([])
  })

  it('closes what its handler has left open, and cuts it off where the other side does not close', async () => {
    const { clock, open } = await guarded(() => {}, {})
    const polite = await open(connectionOf())
    await until(() => polite.theirs.remoteWriteStatus === 'closed')
    await polite.theirs.close()
    await until(() => polite.ours.status === 'closed')
    expect(clock.pending).toBe(0)
    const { ours, done } = await open(connectionOf())
    await done
    clock.advance(10_000)
    expect(ours.status).toBe('aborted')
  })

  it('reads no more than a request may have', async () => {
    const reads: StreamHandler = stream => {
      stream.addEventListener('message', () => {})
      return new Promise(() => {})
    }
    const { excesses, open } = await guarded(reads, { bytes: 100 })
    const { ours, theirs } = await open(connectionOf())
    theirs.send(new Uint8Array(100))
    theirs.send(new Uint8Array(1))
    await until(() => ours.status === 'aborted')
    expect(excesses).toMatchObject([{ limit: 'bytes', action: 'refused' }])
  })

  it('keeps nothing of what comes where nothing is to come', async () => {
    const { open } = await guarded(forever, { bytes: 0 })
    const { ours, theirs } = await open(connectionOf())
    theirs.send(new Uint8Array(1))
    await until(() => ours.status === 'aborted')
  })

  it('counts messages and their bytes by host where a stream carries many', async () => {
    const answered: Stream[] = []
    const reads: StreamHandler = async stream => {
      for await (const _ of stream) {
        currentAsker()?.request()
        answered.push(stream)
      }
    }
    const { excesses, open } = await guarded(reads, {
      many: true,
      requests: { of: 'host', burst: 2, perSecond: 0.001 },
      hostBytes: { burst: 100, perSecond: 1 },
    })
    // Opening a stream is no request yet.
    for (let n = 0; n < 3; n += 1) await open(connectionOf('192.0.2.1'))
    expect(excesses).toEqual([])
    const first = await open(connectionOf('192.0.2.1'))
    for (const count of [1, 2]) {
      first.theirs.send(new Uint8Array(20))
      await until(() => answered.length === count)
    }
    first.theirs.send(new Uint8Array(20))
    expect(await first.done).toContain('More than 2 requests at once')
    expect(first.ours.status).toBe('aborted')

    const second = await open(connectionOf('192.0.2.1'))
    second.theirs.send(new Uint8Array(60))
    await until(() => second.ours.status === 'aborted')
    expect(excesses.map(({ limit }) => limit)).toContain('bytes')
  })

  it('runs with whom it answers', async () => {
    let owner: string | undefined
    const { open } = await guarded(async () => {
      await new Promise(resolve => setImmediate(resolve))
      owner = currentAsker()?.owner
    }, {})
    await (await open(connectionOf('192.0.2.7'))).done
    expect(owner).toBe('192.0.2.7')
    expect(currentAsker()).toBeUndefined()
  })
})
