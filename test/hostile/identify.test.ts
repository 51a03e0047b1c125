import { publicKeyToProtobuf } from '@libp2p/crypto/keys'
import type { IdentifyResult, Libp2p, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BOUNDS } from '../../src/node/serving/bounds.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import { field, varint } from '../support/peers/protobuf.ts'
import { turns, until } from '../support/peers/until.ts'
import { watchNode } from '../support/watched-node.ts'

const IDENTIFY = '/ipfs/id/1.0.0'
/** Field numbers of the message. */
const FIELD = { publicKey: 1, address: 2, protocol: 3, agentVersion: 6, signedRecord: 8 } as const

/** A peer that answers identify with these messages, each after its length. */
async function peerThatSays(from: string, messages: (peer: Libp2p) => Uint8Array[]): Promise<Libp2p> {
  const peer = await startPeer({ listen: [], identify: false, from })
  onTestFinished(() => stopPeers([peer]))
  const say = async (stream: Stream): Promise<void> => {
    for (const message of messages(peer)) stream.send(Buffer.concat([varint(message.length), message]))
    await stream.close()
  }
  // Whoever hangs up in the middle of it is no concern of ours.
  await peer.handle(IDENTIFY, stream => void say(stream).catch(() => {}))
  return peer
}

const keyOf = ({ peerId }: Libp2p): Uint8Array => {
  if (peerId.publicKey === undefined) throw new Error('a peer without a key')
  return field(FIELD.publicKey, publicKeyToProtobuf(peerId.publicKey))
}
const protocols = (count: number, name = '/p'): Uint8Array[] =>
  Array.from({ length: count }, (_, n) => field(FIELD.protocol, Buffer.from(`${name}/${n}`)))

describe('a peer that says of itself', () => {
  it('more than identify reads is told as such at once, and stays connected', async () => {
    const node = watchNode()
    const peer = await peerThatSays('127.0.0.2', self => [
      Buffer.concat([keyOf(self), ...protocols(1_000, `/${'x'.repeat(60)}`)]),
    ])
    await peer.dial(multiaddr(await node.address()))
    const { cause } = await node.heard('peer:unidentified')
    expect(cause).toBe('It sends a longer message than is read')
    expect(node.state().connections.size).toBe(1)
  })

  it('thousands of protocols and long names in many messages costs an event of bounded size', async () => {
    const node = watchNode()
    const peer = await peerThatSays('127.0.0.2', self => [
      Buffer.concat([keyOf(self), field(FIELD.agentVersion, Buffer.alloc(5_000, 'a'))]),
      ...Array.from({ length: 9 }, (_, n) => Buffer.concat(protocols(600, `/${n}`))),
    ])
    await peer.dial(multiaddr(await node.address()))
    const identified = await node.heard('peer:identified')
    expect(identified.protocols).toHaveLength(128)
    expect(JSON.stringify(identified).length).toBeLessThan(8 * 1024)
    for (const updated of node.events.filter(({ type }) => type === 'peer:updated')) {
      expect(JSON.stringify(updated).length).toBeLessThan(8 * 1024)
    }
  })

  it('that it is another peer is told as not identified', async () => {
    const node = watchNode()
    const other = await startPeer({ listen: [] })
    onTestFinished(() => stopPeers([other]))
    const peer = await peerThatSays('127.0.0.2', () => [keyOf(other)])
    await peer.dial(multiaddr(await node.address()))
    await node.heard('peer:unidentified')
    expect(node.state().peers.get(other.peerId.toString() as never)).toBeUndefined()
  })
})

it('nobody can push news of themselves', async () => {
  const node = watchNode()
  const peer = await startPeer({ listen: [] })
  onTestFinished(() => stopPeers([peer]))
  await expect(peer.dialProtocol(multiaddr(await node.address()), '/ipfs/id/push/1.0.0')).rejects.toThrow(
    'could not negotiate',
  )
})

describe('a peer that asks again and again who we are', () => {
  it('is told, then disconnected, and others are answered', async () => {
    const node = watchNode()
    const address = multiaddr(await node.address())
    const flooder = await startPeer({ listen: [], identify: false, from: '127.0.0.66' })
    onTestFinished(() => stopPeers([flooder]))
    const connection = await flooder.dial(address)
    let answers = 0
    while (connection.status === 'open') {
      const stream = await connection.newStream(IDENTIFY).catch(() => undefined)
      if (stream === undefined) break
      stream.addEventListener('message', () => {
        answers += 1
      })
      await until(() => stream.status !== 'open' || stream.remoteWriteStatus === 'closed')
      await turns(1)
      await stream.close().catch(() => {})
    }
    // One that came back meanwhile, at most.
    expect(answers).toBeLessThanOrEqual((BOUNDS[IDENTIFY]?.requests.burst ?? 0) + 1)
    const told = await node.heard('limit:exceeded', ({ protocol }) => protocol === IDENTIFY)
    expect(told).toMatchObject({ action: 'refused', host: '127.0.0.66' })
    await node.heard('connection:closed')

    const honest = await startPeer({ listen: [], from: '127.0.0.2' })
    onTestFinished(() => stopPeers([honest]))
    const identified = new Promise<IdentifyResult>(resolve =>
      honest.addEventListener('peer:identify', ({ detail }) => resolve(detail), { once: true }),
    )
    await honest.dial(address)
    expect((await identified).agentVersion).toContain('p2p-tui')
  })

  it('and sends a message where nothing is to come has its stream cut off', async () => {
    const node = watchNode()
    const peer = await startPeer({ listen: [], identify: false })
    onTestFinished(() => stopPeers([peer]))
    const connection = await peer.dial(multiaddr(await node.address()))
    const stream = await connection.newStream(IDENTIFY)
    // One message, no longer than a message of identify may be.
    stream.send(Uint8Array.from([0xe0, 0xd4, 0x03, ...new Uint8Array(60_000)]))
    await until(() => stream.status !== 'open')
    await node.heard('limit:exceeded', ({ limit }) => limit === 'bytes')
  })
})
