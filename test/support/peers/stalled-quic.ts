import { quic } from '@chainsafe/libp2p-quic'
import { multiaddr } from '@multiformats/multiaddr'
import { onTestFinished } from 'vitest'
import { OneWay } from './one-way.ts'
import { startPeer, stopPeers } from './peer.ts'

const HOST = '127.0.0.1'

/** Begins so many handshakes with a listener on loopback that never go on. */
export async function stallOverQuic(address: string, count: number): Promise<OneWay[]> {
  const port = Number(
    multiaddr(address)
      .getComponents()
      .find(({ name }) => name === 'udp')?.value,
  )
  const peer = await startPeer({ listen: [], transports: [quic()] })
  onTestFinished(() => stopPeers([peer]))
  const stall = async (): Promise<OneWay> => {
    const way = await OneWay.open(HOST, { address: HOST, port })
    onTestFinished(() => way[Symbol.dispose]())
    void peer.dial(way.address).catch(() => {})
    return way
  }
  return Promise.all(Array.from({ length: count }, stall))
}
