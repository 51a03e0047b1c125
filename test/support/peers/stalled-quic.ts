import { createSocket, type Socket } from 'node:dgram'
import { quic } from '@chainsafe/libp2p-quic'
import { multiaddr } from '@multiformats/multiaddr'
import { onTestFinished } from 'vitest'
import { startPeer, stopPeers } from './peer.ts'

const HOST = '127.0.0.1'

/** A handshake over QUIC of which the first packet comes through, and nothing more in either direction. */
export interface StalledHandshake {
  /** Settles when that packet is on its way. */
  sent: Promise<void>
  /** Settles when the listener has answered: it is in the handshake. */
  answered: Promise<void>
}

/** Begins so many handshakes with a listener on loopback. It is told of no end of them. */
export async function stallOverQuic(address: string, count: number): Promise<StalledHandshake[]> {
  const port = Number(
    multiaddr(address)
      .getComponents()
      .find(({ name }) => name === 'udp')?.value,
  )
  const peer = await startPeer({ listen: [], transports: [quic()] })
  onTestFinished(() => stopPeers([peer]))
  const stall = async (): Promise<StalledHandshake> => {
    const [near, far] = [await open(), await open()]
    const [sent, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    near.once('message', packet => far.send(packet, port, HOST, () => sent.resolve()))
    far.once('message', () => answered.resolve())
    void peer.dial(multiaddr(`/ip4/${HOST}/udp/${near.address().port}/quic-v1`)).catch(() => {})
    return { sent: sent.promise, answered: answered.promise }
  }
  return Promise.all(Array.from({ length: count }, stall))
}

async function open(): Promise<Socket> {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  await new Promise<void>(resolve => socket.bind(0, HOST, resolve))
  return socket
}
