import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Libp2p, Stream } from '@libp2p/interface'
import { webSockets as stockWebSockets } from '@libp2p/websockets'
import type { Multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { OPEN_DOOR } from '../../../src/node/transport/door.ts'
import { webSocketTransport } from '../../../src/node/transport/kinds.ts'
import { lazyTransport } from '../../../src/node/transport/lazy-transport.ts'
import { failureOf } from '../../support/failures.ts'
import { startPeer, stopPeers } from '../../support/peers/peer.ts'
import { startServer } from '../../support/peers/servers.ts'
import { watchNode } from '../../support/watched-node.ts'

const MB = 1 << 20
const LISTEN = '/ip4/127.0.0.1/tcp/0/ws'
const OURS = lazyTransport(webSocketTransport(OPEN_DOOR, { lookupFor: () => undefined }))
const STOCK = stockWebSockets()

async function peerWith(
  transport: typeof OURS,
  { tlsOnly = false, listen = [LISTEN] } = {},
): Promise<Libp2p> {
  const peer = await startPeer({ listen, tlsOnly, transports: [transport], identify: false, ping: false })
  onTestFinished(() => stopPeers([peer]))
  return peer
}

const webSocketOf = (peer: Libp2p): Multiaddr => {
  const address = peer.getMultiaddrs().find(one => one.toString().includes('/ws'))
  if (address === undefined) throw new Error('it does not listen')
  return address
}

async function send(stream: Stream, bytes: number): Promise<void> {
  const piece = new Uint8Array(256 * 1024)
  for (let sent = 0; sent < bytes; sent += piece.length) {
    if (!stream.send(piece)) await stream.onDrain()
    // See `onDrain` of libp2p: it does not wait a second time.
    while (stream.writeBufferLength > MB) await new Promise(resolve => setImmediate(resolve))
  }
  await stream.close()
}

describe.each([
  ['it dials', OURS, STOCK],
  ['it is dialed', STOCK, OURS],
])('100 MB from a stock peer over a WebSocket, and some back, where %s', (_, listening, dialing) => {
  it.each([
    ['noise', false],
    ['TLS', true],
  ])('get through, with %s', async (__, tlsOnly) => {
    const [server, client] = [
      await peerWith(listening, { tlsOnly }),
      await peerWith(dialing, { tlsOnly, listen: [] }),
    ]
    const [much, some] = [100 * MB, 20 * MB]
    const [there, back] = dialing === STOCK ? [much, some] : [some, much]
    const count = (stream: Stream, total: number) => {
      let bytes = 0
      const all = Promise.withResolvers<void>()
      stream.addEventListener('message', ({ data }) => {
        bytes += data.byteLength
        if (bytes >= total) all.resolve()
      })
      stream.addEventListener('close', ({ error }) => error && all.reject(error))
      return all.promise
    }
    let served: Promise<unknown> | undefined
    await server.handle('/bulk/1', stream => {
      served = Promise.all([count(stream, there), send(stream, back)])
    })
    const stream = await client.dialProtocol(webSocketOf(server), '/bulk/1')
    await Promise.all([count(stream, back), send(stream, there)])
    await served
  })
})

describe('a WebSocket that we dial', () => {
  it('is cut off when a message begins that is longer than 1 MiB', async () => {
    const http = createHttpServer().listen(0, '127.0.0.1')
    const webSockets = new WebSocketServer({ server: http })
    onTestFinished(() => {
      webSockets.close()
      http.closeAllConnections()
      http.close()
    })
    await new Promise(resolve => http.once('listening', resolve))
    const { port } = http.address() as AddressInfo
    const cut = new Promise(resolve =>
      webSockets.once('connection', (webSocket, { socket }) => {
        webSocket.on('error', () => {})
        socket.once('close', resolve)
        // The head of an unmasked binary frame of 95 MiB.
        const head = Buffer.alloc(10)
        head[0] = 0x82
        head[1] = 127
        head.writeBigUInt64BE(BigInt(95 * MB), 2)
        socket.write(head)
      }),
    )
    const node = watchNode({ listen: [] })
    const failing = failureOf(() => node.port.request('dial', { target: `/ip4/127.0.0.1/tcp/${port}/ws` }))
    await cut
    await failing
  })

  it('is closed when its handshake comes to nothing', async () => {
    const server = await peerWith(STOCK)
    const node = watchNode({ listen: [] })
    const stranger = '12D3KooWELEFkhNb6wqc6rFMkYhuCA52Q9n1QF2DeEQo52h5t3MQ'
    const target = webSocketOf(server)
      .toString()
      .replace(/p2p\/.*/, `p2p/${stranger}`)
    await failureOf(() => node.port.request('dial', { target }))
    await node.heard('dial:failed')
    // The stock peer learns that it is over.
    while (server.getConnections().length > 0) await new Promise(resolve => setImmediate(resolve))
  })

  it('is closed when the dial is given up before anybody answers', async () => {
    const gone = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<Socket>()
    const server = await startServer(socket => {
      arrived.resolve(socket)
      socket.resume()
      socket.once('close', () => gone.resolve())
    })
    onTestFinished(() => server.close())
    const node = watchNode({ listen: [] })
    const controller = new AbortController()
    const target = `${server.address}/ws`
    const dialing = failureOf(() => node.port.request('dial', { target }, { signal: controller.signal }))
    await arrived.promise
    controller.abort()
    expect(await dialing).toMatchObject({ cause: 'Cancelled' })
    await gone.promise
  })
})

describe('a listener', () => {
  it('answers who asks for a web page with 400, and closes', async () => {
    const peer = await peerWith(OURS)
    const { address, port } = placeOf(webSocketOf(peer))
    const response = await fetch(`http://${address}:${port}/`)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('WebSocket')
    expect(response.headers.get('connection')).toBe('close')
  })
})

function placeOf(at: Multiaddr): { address: string; port: number } {
  const [, , address = '', , port] = at.toString().split('/')
  return { address, port: Number(port) }
}
