import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { MultiaddrConnection } from '@libp2p/interface'
import { expect, it, onTestFinished } from 'vitest'
import { Lingering } from '../../../src/node/limits/lingering.ts'
import { ManualClock } from '../../support/manual-clock.ts'

/** A socket whose other side reads nothing, with more written to it than any buffer on the way takes. */
async function unreadSocket(): Promise<Socket> {
  const server = createServer(socket => void socket.pause()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect(server.address() as { port: number })
  onTestFinished(() => {
    socket.destroy()
    server.close()
  })
  await once(socket, 'connect')
  socket.write(Buffer.alloc(64 << 20))
  socket.end()
  return socket
}

const rawOf = (socket: Socket, status = 'open') =>
  Object.assign(new EventTarget(), { socket, status }) as unknown as MultiaddrConnection

it('closes the socket of a connection that has ended and whose last bytes nobody takes', async () => {
  const clock = new ManualClock()
  const lingering = new Lingering(clock)
  const socket = await unreadSocket()
  const raw = rawOf(socket)
  lingering.watch(raw)
  raw.dispatchEvent(new Event('close'))
  clock.advance(4_999)
  expect(socket.destroyed).toBe(false)
  clock.advance(1)
  expect(socket.destroyed).toBe(true)
  await once(socket, 'close')
  expect(clock.pending).toBe(0)
})

it('does so where the connection had ended before its handshake began', async () => {
  const clock = new ManualClock()
  const socket = await unreadSocket()
  new Lingering(clock).watch(rawOf(socket, 'aborted'))
  clock.advance(5_000)
  expect(socket.destroyed).toBe(true)
})

it('leaves no timer behind where the socket closes by itself, or the node stops', async () => {
  const clock = new ManualClock()
  const lingering = new Lingering(clock)
  const [quick, slow] = [await unreadSocket(), await unreadSocket()]
  for (const socket of [quick, slow]) {
    const raw = rawOf(socket)
    lingering.watch(raw)
    raw.dispatchEvent(new Event('close'))
  }
  expect(clock.pending).toBe(2)
  quick.destroy()
  await once(quick, 'close')
  expect(clock.pending).toBe(1)
  lingering.stop()
  expect(clock.pending).toBe(0)
})
