import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { failureOf } from '../../support/failures.ts'
import { PATIENCE_MS } from '../../support/patience.ts'
import { startServer } from '../../support/peers/servers.ts'
import { watchNode } from '../../support/watched-node.ts'

/** A server whose sockets are counted, and what it does with each. */
async function server(serve: (socket: Socket) => void) {
  let open = 0
  let opened = 0
  const started = await startServer(socket => {
    open += 1
    opened += 1
    socket.once('close', () => {
      open -= 1
    })
    serve(socket)
  })
  onTestFinished(() => started.close())
  return { target: `${started.address}/ws`, open: () => open, opened: () => opened }
}

it('a dial that is given up leaves no socket behind', async () => {
  const silent = await server(socket => socket.resume())
  const node = watchNode({ listen: [] })
  const ending = new AbortController()
  const dial = node.port.request('dial', { target: silent.target }, { signal: ending.signal })
  const failed = failureOf(() => dial)
  await expect.poll(silent.opened, { timeout: PATIENCE_MS }).toBe(1)
  ending.abort()
  await failed
  await expect.poll(silent.open, { timeout: PATIENCE_MS }).toBe(0)
})

it('what answers with no end of bytes is cut off', async () => {
  const MOST = 8 * 1024 * 1024
  let sent = 0
  const flood = await server(socket => {
    socket.once('data', request => {
      const key = /sec-websocket-key: (\S+)/i.exec(String(request))?.[1] ?? ''
      const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      )
      // One binary frame of 95 MiB, which never ends.
      const head = Buffer.alloc(10)
      head.set([0x82, 127])
      head.writeBigUInt64BE(95n * 1024n * 1024n, 2)
      socket.write(head)
      const more = (): void => {
        while (!socket.destroyed && sent < 4 * MOST) {
          sent += 65_536
          if (!socket.write(Buffer.alloc(65_536))) return
        }
      }
      socket.on('drain', more)
      more()
    })
  })
  const node = watchNode({ listen: [] })
  await failureOf(() => node.port.request('dial', { target: flood.target }))
  await expect.poll(flood.open, { timeout: PATIENCE_MS }).toBe(0)
  expect(sent).toBeLessThan(MOST)
})
