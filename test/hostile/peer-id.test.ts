import { join } from 'node:path'
import { quic } from '@chainsafe/libp2p-quic'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromPrivateKey, peerIdFromString } from '@libp2p/peer-id'
import { webSockets } from '@libp2p/websockets'
import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { provenPeers } from '../../src/node/dial/proven-peer.ts'
import { insidesOf } from '../../src/node/insides.ts'
import { dialDirect } from '../../src/node/relays/punch/direct.ts'
import { failureOf } from '../support/failures.ts'
import { PATIENCE_MS } from '../support/patience.ts'
import { type PeerOptions, startPeer, stopPeers } from '../support/peers/peer.ts'
import { startStockClient, startStockRelay } from '../support/peers/relay-peers.ts'
import { PipedProgram } from '../support/program.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { watchNode } from '../support/watched-node.ts'

/** A key whose Peer ID is a hash: it names nobody's key, so that no key can be compared with it. */
const RSA = await generateKeyPair('RSA', 2048)
/** Of somebody who is nowhere in these tests. */
const STRANGER = peerIdFromPrivateKey(await generateKeyPair('RSA', 2048)).toString()

async function listening(options: PeerOptions = {}): Promise<Libp2p> {
  const socket = encodeURIComponent(join(await scratchDirectory(), 'peer'))
  const listen = [
    '/ip4/127.0.0.1/tcp/0',
    '/ip4/127.0.0.1/tcp/0/ws',
    '/ip4/127.0.0.1/udp/0/quic-v1',
    `/unix/${socket}`,
  ]
  const peer = await startPeer({ listen, transports: [webSockets(), quic()], ...options })
  onTestFinished(() => stopPeers([peer]))
  return peer
}

const OVER = {
  TCP: (address: string) => /\/tcp\/\d+\/p2p\//.test(address),
  WebSocket: (address: string) => address.includes('/ws/'),
  QUIC: (address: string) => address.includes('/quic-v1/'),
  'a Unix socket': (address: string) => address.startsWith('/unix/'),
}
const addressOver = (peer: Libp2p, how: keyof typeof OVER): string =>
  String(peer.getMultiaddrs().find(address => OVER[how](address.toString())))
const withId = (address: string, id: string): string => address.replace(/\/p2p\/[^/]+$/, `/p2p/${id}`)

const WAYS = [
  ['TCP', 'noise', {}],
  ['TCP', 'TLS', { tlsOnly: true }],
  ['WebSocket', 'noise', {}],
  ['WebSocket', 'TLS', { tlsOnly: true }],
  ['QUIC', 'its own TLS', {}],
  ['a Unix socket', 'noise', {}],
] as const

describe.each(WAYS)('over %s with %s', (how, _, options) => {
  it('nobody passes for a peer whose Peer ID is a hash', async () => {
    const peer = await listening(options)
    const node = watchNode({ listen: [] })
    const target = withId(addressOver(peer, how), STRANGER)
    const { stage, cause, hint } = await failureOf(() => node.port.request('dial', { target }))
    expect(stage).toBe('encrypt')
    expect(cause).toBe(`Another peer answers there: ${peer.peerId} instead of ${STRANGER}`)
    expect(hint).toContain('dial it by its own Peer ID')
    expect(node.events.filter(({ type }) => type === 'connection:opened')).toEqual([])
    expect(node.state().peers.get(peer.peerId.toString() as never)?.connectionIds ?? []).toEqual([])
  })

  it('a peer whose Peer ID is a hash is reached by it', async () => {
    const peer = await listening({ ...options, privateKey: RSA })
    const id = peer.peerId.toString()
    expect(id).toMatch(/^Qm/)
    const node = watchNode({ listen: [] })
    const target = addressOver(peer, how)
    expect(await node.port.request('dial', { target })).toMatchObject({ peerId: id })
    expect(await node.port.request('ping', { peerId: id as never })).toBeDefined()
  })
})

describe('whoever dials for whom', () => {
  it('the program ends with 1', async () => {
    const peer = await listening()
    const target = withId(addressOver(peer, 'TCP'), STRANGER)
    const program = new PipedProgram(['dial', target, '--json', '--ephemeral', '--no-mdns'])
    expect(await program.ended).toMatchObject({ code: 1 })
    expect(program.stderr).toContain(`${peer.peerId} instead of ${STRANGER}`)
    expect(program.stdout).toBe('')
  })

  it('bootstrap peers', async () => {
    const peer = await listening()
    const node = watchNode({ listen: [], bootstrap: [withId(addressOver(peer, 'TCP'), STRANGER)] })
    const { cause } = await node.heard('dial:failed')
    expect(cause).toContain(`${peer.peerId} instead of ${STRANGER}`)
    expect(node.state().connections.size).toBe(0)
  })

  it('a relay that is to grant a reservation', async () => {
    const relay = await startStockRelay()
    const node = watchNode({ listen: [] })
    const named = withId(String(relay.getMultiaddrs()[0]), STRANGER)
    const { cause } = await failureOf(() => node.port.request('reserve', { relay: named }))
    expect(cause).toContain(`${relay.peerId} instead of ${STRANGER}`)
    expect(node.state().connections.size).toBe(0)
  })

  it('a relay on the way, and the peer behind it', async () => {
    const relay = await startStockRelay()
    const relayAddress = String(relay.getMultiaddrs()[0])
    const holder = await startPeer({
      listen: [`${relayAddress}/p2p-circuit`],
      transports: [circuitRelayTransport()],
    })
    onTestFinished(() => stopPeers([holder]))
    const node = watchNode({ listen: [] })
    const target = `${withId(relayAddress, STRANGER)}/p2p-circuit/p2p/${holder.peerId}`
    const first = await failureOf(() => node.port.request('dial', { target }))
    expect(first.cause).toContain(`${relay.peerId} instead of ${STRANGER}`)
    expect(node.state().connections.size).toBe(0)
  })

  it('somebody whom a relay passes off as the peer behind it', async () => {
    const relay = await startStockRelay()
    const relayAddress = String(relay.getMultiaddrs()[0])
    const holder = await startPeer({
      listen: [`${relayAddress}/p2p-circuit`],
      transports: [circuitRelayTransport()],
    })
    onTestFinished(() => stopPeers([holder]))
    const stranger = peerIdFromString(STRANGER)
    const { reservationStore } = relay.services.relay as unknown as {
      reservationStore: { get(peer: PeerId): unknown }
    }
    const { connectionManager } = insidesOf(relay)
    const reservationOf = reservationStore.get.bind(reservationStore)
    const connectionsOf = connectionManager.getConnections.bind(connectionManager)
    reservationStore.get = peer => reservationOf(stranger.equals(peer) ? holder.peerId : peer)
    connectionManager.getConnections = peer =>
      connectionsOf(peer !== undefined && stranger.equals(peer) ? holder.peerId : peer)

    const node = watchNode({ listen: [] })
    const target = `${relayAddress}/p2p-circuit/p2p/${STRANGER}`
    const { cause } = await failureOf(() => node.port.request('dial', { target }))
    expect(cause).toContain(`${holder.peerId} instead of ${STRANGER}`)
    expect([...node.state().connections.values()].map(({ peerId }) => peerId)).not.toContain(STRANGER)
  })

  it('both sides of a hole punch', async () => {
    const peer = await listening()
    const compared: unknown[] = []
    const watched = (compare: typeof provenPeers.denyInboundEncryptedConnection) =>
      ((...args) => {
        try {
          return compare(...args)
        } catch (error) {
          compared.push(error)
          throw error
        }
      }) satisfies typeof compare
    const puncher = await startPeer({
      listen: [],
      gater: {
        denyInboundEncryptedConnection: watched(provenPeers.denyInboundEncryptedConnection),
        denyOutboundEncryptedConnection: watched(provenPeers.denyOutboundEncryptedConnection),
      },
    })
    onTestFinished(() => stopPeers([puncher]))
    const addresses = [multiaddr(addressOver(peer, 'TCP').replace(/\/p2p\/.*/, ''))]
    for (const initiator of [true, false]) {
      const ending = new AbortController()
      const wanted = { libp2p: puncher, peer: peerIdFromString(STRANGER), addresses, initiator }
      const dial = dialDirect({ ...wanted, signal: ending.signal }).catch(() => 'failed')
      // The side that acts as if it had been dialed waits for the other one to speak, as the other one does here.
      if (initiator) await expect.poll(() => compared, { timeout: PATIENCE_MS }).toHaveLength(1)
      ending.abort()
      expect(await dial).toBe('failed')
      expect(puncher.getConnections()).toEqual([])
    }
  })
})

describe('who comes', () => {
  it('over a relay is whom the relay named', async () => {
    const relay = await startStockRelay()
    const node = watchNode({ listen: [] })
    const relayed = await node.port.request('reserve', { relay: String(relay.getMultiaddrs()[0]) })
    const named = peerIdFromString(STRANGER).toMultihash().bytes
    const server = relay.services.relay as unknown as Stopping
    const stopHop = server.stopHop.bind(server)
    server.stopHop = ({ request, ...rest }, ...more) =>
      stopHop({ ...rest, request: { ...request, peer: { id: named, addrs: [] } } }, ...more)
    const dialer = await startStockClient()
    // Its own half of the handshake may be through before it is turned away.
    const dialed = await dialer.dial(multiaddr(String(relayed.addresses[0]))).catch(() => undefined)
    await expect.poll(() => dialed?.status, { timeout: PATIENCE_MS }).not.toBe('open')
    expect(node.events.filter(event => event.type === 'connection:opened' && event.relayed)).toEqual([])
    const { reason } = await node.heard('connection:refused')
    expect(reason).toContain(`${dialer.peerId} instead of ${STRANGER}`)
  })
})

/** The private part of libp2p's relay server that asks the holder of a reservation. */
interface Stopping {
  stopHop(
    stop: { request: { peer?: { id: Uint8Array; addrs: Uint8Array[] } } },
    ...rest: unknown[]
  ): Promise<unknown>
}
