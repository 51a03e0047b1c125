import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A TCP server on loopback that is no libp2p node. */
export interface RawServer {
  /** e.g. /ip4/127.0.0.1/tcp/4001 */
  address: string
  port: number
  close(): Promise<void>
}

/** Does with each connection what `serve` does. */
export function startServer(serve: (socket: Socket) => void): Promise<RawServer> {
  return listening(
    createServer(socket => {
      socket.on('error', () => {})
      serve(socket)
    }),
  )
}

/** Accepts connections and never says a word. */
export const startSilentServer = (): Promise<RawServer> => startServer(() => {})

/** Hangs up on everyone. */
export const startHangingUp = (): Promise<RawServer> => startServer(socket => socket.destroy())

/** Speaks first, like SSH, in words that are not libp2p's. */
export const startSshLike = (): Promise<RawServer> =>
  startServer(socket => void socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'))

/** Answers what is no HTTP request as web servers do. */
export const startWebServer = (): Promise<RawServer> => listening(createHttpServer())

/** A port of loopback where nothing listens. */
export async function freePort(): Promise<number> {
  const server = await startSilentServer()
  await server.close()
  return server.port
}

async function listening(server: Server): Promise<RawServer> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: `/ip4/127.0.0.1/tcp/${port}`,
    port,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
