import { Socket } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { watchNode } from '../../support/watched-node.ts'

it('sends a message as one piece, where libp2p sends its length by itself', async () => {
  const peer = await startPeer()
  onTestFinished(() => stopPeers([peer]))
  const { port } = watchNode()
  const { peerId } = await port.request('dial', { target: addressOf(peer).toString() })
  await port.request('ping', { peerId })
  const ours = Number(/\/tcp\/(\d+)/.exec(String(peer.getConnections()[0]?.remoteAddr))?.[1])

  const pieces: { ours: boolean; bytes: number }[] = []
  const write = Socket.prototype.write
  const spy = vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, data, ...rest) {
    pieces.push({ ours: this.localPort === ours, bytes: data.length })
    return Reflect.apply(write, this, [data, ...rest])
  })
  onTestFinished(() => spy.mockRestore())
  await port.request('ping', { peerId })

  const lengthAlone = (side: boolean) => pieces.filter(({ ours, bytes }) => ours === side && bytes === 2)
  expect(pieces.some(piece => piece.ours)).toBe(true)
  expect(lengthAlone(true)).toEqual([])
  expect(lengthAlone(false)).not.toEqual([])
})
