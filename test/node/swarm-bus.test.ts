import net from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { eventSchemas } from '../../src/core/event-schema.ts'
import { safeText } from '../../src/core/safe-text.ts'
import { addressOf, type PeerOptions, startPeer, stopPeers } from '../support/peers/peer.ts'
import { watchNode } from '../support/watched-node.ts'

async function peer(options?: PeerOptions) {
  const started = await startPeer(options)
  onTestFinished(() => stopPeers([started]))
  return started
}

describe('a node that somebody watches', () => {
  it('says that it started, and each address in full', async () => {
    const node = watchNode({ listen: ['/ip4/127.0.0.1/tcp/0', '/ip6/::1/tcp/0'] })
    const { peerId } = await node.heard('node:started')
    const four = await node.heard('listen:opened', ({ address }) => address.startsWith('/ip4/'))
    const six = await node.heard('listen:opened', ({ address }) => address.startsWith('/ip6/'))
    expect(four.address).toMatch(new RegExp(`^/ip4/127.0.0.1/tcp/[1-9]\\d*/p2p/${peerId}$`))
    expect(six.address).toMatch(new RegExp(`^/ip6/::1/tcp/[1-9]\\d*/p2p/${peerId}$`))
  })

  it('goes on when one address cannot be listened on, and says why', async () => {
    const holder = net.createServer()
    await new Promise<void>(resolve => holder.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void holder.close())
    const { port } = holder.address() as net.AddressInfo
    const node = watchNode({ listen: [`/ip4/127.0.0.1/tcp/${port}`, '/ip4/127.0.0.1/tcp/0'] })
    const failed = await node.heard('listen:failed')
    await node.heard('listen:opened')
    expect(failed).toMatchObject({ stage: 'start', cause: 'The port is taken by another program' })
    expect(JSON.stringify(failed)).not.toContain(' at ')
    expect(node.state().warnings.size).toBe(0)
  })

  it('gives each address its own reason when several cannot be listened on', async () => {
    const holder = net.createServer()
    await new Promise<void>(resolve => holder.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void holder.close())
    const taken = `/ip4/127.0.0.1/tcp/${(holder.address() as net.AddressInfo).port}`
    const node = watchNode({
      listen: ['/ip4/203.0.113.9/tcp/0', taken, '/ip4/127.0.0.1/udp/0/quic-v1/webtransport'],
    })
    const causeOf = async (at: string) =>
      (await node.heard('listen:failed', ({ address }) => address === at)).cause
    expect(await causeOf('/ip4/203.0.113.9/tcp/0')).toBe('This machine does not have that address')
    expect(await causeOf(taken)).toBe('The port is taken by another program')
    expect(await causeOf('/ip4/127.0.0.1/udp/0/quic-v1/webtransport')).toMatch(/no transport/)
  })

  it('names the request by which it listens on one more address', async () => {
    const node = watchNode()
    const first = await node.heard('listen:opened')
    const id = safeText('mine')
    await node.port.request('listen', { address: '/ip4/127.0.0.1/tcp/0' }, { id })
    const second = await node.heard('listen:opened', ({ requestId }) => requestId === id)
    expect(second.address).not.toBe(first.address)
    expect(first.requestId).toBeUndefined()
  })

  it('warns when it can listen nowhere, and can dial all the same', async () => {
    const other = await peer()
    const node = watchNode({ listen: ['/ip4/203.0.113.9/tcp/0'] })
    await node.heard('warning:raised', ({ topic }) => topic === 'listen')
    const result = await node.port.request('dial', { target: addressOf(other).toString() })
    expect(result.peerId).toBe(other.peerId.toString())
    await node.port.request('listen', { address: '/ip4/127.0.0.1/tcp/0' })
    await node.heard('warning:cleared', ({ topic }) => topic === 'listen')
  })

  it('tells of an inbound connection, its streams and what the peer says of itself', async () => {
    const node = watchNode()
    const other = await peer()
    await other.dial(multiaddr(await node.address()))
    const opened = await node.heard('connection:opened')
    expect(opened).toMatchObject({
      peerId: other.peerId.toString(),
      direction: 'inbound',
      transport: 'tcp',
      encryption: '/noise',
      muxer: '/yamux/1.0.0',
    })
    const discovered = await node.heard('peer:discovered')
    expect(discovered).toMatchObject({ source: 'inbound', addresses: [] })
    expect(discovered.seq).toBeLessThan(opened.seq)
    const identified = await node.heard('peer:identified')
    expect(identified.agentVersion).toMatch(/^js-libp2p\//)
    expect(identified.addresses).toContain(addressOf(other).toString())
    const stream = await node.heard('stream:opened', ({ protocol }) => protocol === '/ipfs/id/1.0.0')
    const closed = await node.heard('stream:closed', ({ streamId }) => streamId === stream.streamId)
    expect(closed.bytesIn + closed.bytesOut).toBeGreaterThan(0)
  })

  it('says why a connection closed: we hung up', async () => {
    const node = watchNode()
    const other = await peer()
    await node.port.request('dial', { target: addressOf(other).toString() })
    await node.port.request('hangUp', { peerId: other.peerId.toString() }, { id: safeText('enough') })
    expect(await node.heard('connection:closed')).toMatchObject({
      reason: 'You hung up',
      requestId: 'enough',
    })
  })

  it('says why a connection closed: the other side did, gracefully or not', async () => {
    const node = watchNode()
    const address = multiaddr(await node.address())
    const [polite, rude] = [await peer(), await peer()]
    await polite.dial(address)
    await rude.dial(address)
    await Promise.all(polite.getConnections().map(connection => connection.close()))
    for (const connection of rude.getConnections()) connection.abort(new Error('gone'))
    const reasonOf = async (id: string) =>
      (await node.heard('connection:closed', ({ peerId }) => peerId === id)).reason
    expect(await reasonOf(polite.peerId.toString())).toBe('The other side closed it')
    expect(await reasonOf(rude.peerId.toString())).toMatch(/cut it off|went away|was gone/)
  })

  it('counts every byte of a connection, and the samples add up to it', async () => {
    const node = watchNode()
    const other = await peer()
    await node.port.request('dial', { target: addressOf(other).toString() })
    await node.heard('traffic:sampled', ({ connections }) => connections.length > 0)
    await node.port.request('hangUp', { peerId: other.peerId.toString() })
    const closed = await node.heard('connection:closed')
    // One before that may lack what the other side said last.
    const { total } = await node.heard('traffic:sampled', ({ seq }) => seq > closed.seq)
    expect(total).toMatchObject({ bytesIn: closed.bytesIn, bytesOut: closed.bytesOut })
    expect(node.state().peers.get(other.peerId.toString())).toMatchObject({
      bytesIn: closed.bytesIn,
      bytesOut: closed.bytesOut,
    })
    expect([...node.state().protocols.keys()]).toContain('/ipfs/id/1.0.0')
  })

  it('counts the bytes of each stream while it is open, and ends with the same sum', async () => {
    const node = watchNode()
    const other = await peer()
    const peerId = other.peerId.toString()
    await node.port.request('dial', { target: addressOf(other).toString() })
    await node.port.request('ping', { peerId })
    const { streamId } = await node.heard('stream:opened', ({ protocol }) => protocol === '/ipfs/ping/1.0.0')
    const isPing = (stream: { streamId: string; bytesIn: number }) =>
      stream.streamId === streamId && stream.bytesIn >= 32
    await node.heard('traffic:sampled', ({ streams }) => streams.some(isPing))
    const [connection] = [...node.state().connections.values()]
    expect(connection?.streams.find(isPing)).toMatchObject({ protocol: '/ipfs/ping/1.0.0' })
    await node.port.request('hangUp', { peerId })
    const closed = await node.heard('stream:closed', stream => stream.streamId === streamId)
    expect([closed.bytesIn % 32, closed.bytesOut % 32]).toEqual([0, 0])
    expect(closed.bytesIn).toBeGreaterThanOrEqual(32)
  })

  it('tells of an inbound connection that never became one', async () => {
    const node = watchNode()
    const port = Number(/tcp\/(\d+)/.exec(await node.address())?.[1])
    const socket = net.connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => {})
    socket.end('GET / HTTP/1.1\r\n\r\n')
    const refused = await node.heard('connection:refused')
    expect(refused.direction).toBe('inbound')
    expect(refused.address).toMatch(/^\/ip4\/127\.0\.0\.1\/tcp\/\d+$/)
    expect(refused.reason).toBe('It disconnected during the handshake; it may not be a libp2p peer')
  })

  it('tells of an outbound connection that the other side refused a moment after it stood', async () => {
    const node = watchNode()
    const other = await peer({ gater: { denyInboundUpgradedConnection: () => true } })
    const dial = node.port.request('dial', { target: addressOf(other).toString() })
    await expect(dial).rejects.toMatchObject({ failure: { stage: 'established' } })
    expect(await node.heard('connection:refused')).toMatchObject({
      direction: 'outbound',
      peerId: other.peerId.toString(),
      address: addressOf(other).toString(),
    })
  })

  it('answers pings and says so', async () => {
    const node = watchNode()
    const other = watchNode()
    const { peerId } = await other.port.request('dial', { target: await node.address() })
    await other.port.request('ping', { peerId })
    await node.heard('ping:answered', event => event.peerId === other.state().node.peerId)
  })

  it('cleans what peers say of themselves before anyone sees it', async () => {
    const evil = `\u001b[31mEVIL\u001b]0;pwn\u0007\n\u202e\u0000${'x'.repeat(5000)}`
    const node = watchNode()
    const other = await peer({ agentVersion: evil })
    await other.handle(`/evil\u001b[2J\n/1`, () => {})
    await other.dial(multiaddr(await node.address()))
    const identified = await node.heard('peer:identified')
    const text = JSON.stringify(node.events)
    expect(identified.agentVersion?.length).toBeLessThanOrEqual(128)
    expect(identified.agentVersion).toContain('EVIL')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]|\\u00[01]|\\n/)
    expect(identified.protocols.some(protocol => protocol.startsWith('/evil'))).toBe(true)
  })

  it('only says what the schema of its events allows', async () => {
    const node = watchNode()
    const other = await peer()
    await node.port.request('dial', { target: addressOf(other).toString() })
    await node.port.request('ping', { peerId: other.peerId.toString() })
    await node.port.request('dial', { target: '/ip4/127.0.0.1/tcp/1' }).catch(() => {})
    await node.port.stop()
    await node.heard('node:stopped')
    expect(node.events.length).toBeGreaterThan(10)
    for (const event of node.events) eventSchemas[event.type].parse(event)
    const noisy = /"\w+Ms":\d+\.\d{4,}/
    expect(node.events.map(event => JSON.stringify(event)).filter(line => noisy.test(line))).toEqual([])
  })

  it('stops: connections, addresses, then itself', async () => {
    const node = watchNode()
    const other = await peer()
    await node.port.request('dial', { target: addressOf(other).toString() })
    await node.port.stop()
    const stopped = await node.heard('node:stopped')
    const closed = await node.heard('connection:closed')
    const silent = await node.heard('listen:closed')
    expect(closed.reason).toBe('This node stopped')
    expect(stopped.seq).toBeGreaterThan(Math.max(closed.seq, silent.seq))
    expect(await node.port.ended).toEqual({ how: 'stopped' })
  })
})
