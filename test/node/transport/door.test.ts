import { EventEmitter } from 'node:events'
import type { Server, Socket } from 'node:net'
import type { tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import { guardTcp } from '../../../src/node/transport/door.ts'

/** A server to which sockets come when a test says so, and where they are said to come from. */
function world() {
  const server = new EventEmitter() as Server
  server.address = () => ({ address: '::', family: 'IPv6', port: 4001 })
  const heard: (string | undefined)[] = []
  server.on('connection', (socket: Socket) => heard.push(socket.remoteAddress))
  const transport = { createListener: () => ({ server }) } as unknown as ReturnType<ReturnType<typeof tcp>>
  const admitted: string[] = []
  guardTcp(transport, {
    admits: (_, from: Multiaddr) => admitted.push(from.toString()) > 0,
    acceptFailed: () => {},
  })
  transport.createListener({} as never)
  const come = (remoteAddress: string): void => {
    const socket = Object.assign(new EventEmitter(), { remoteAddress, remotePort: 5, destroy: () => {} })
    server.emit('connection', socket)
  }
  return { admitted, heard, come }
}

it('lets in who comes from a link-local address, which Node.js names with its zone', () => {
  const { admitted, heard, come } = world()
  come('fe80::1%eth0')
  come('2001:db8::1')
  expect(admitted).toEqual(['/ip6/fe80::1/tcp/5', '/ip6/2001:db8::1/tcp/5'])
  expect(heard).toEqual(['fe80::1', '2001:db8::1'])
})
