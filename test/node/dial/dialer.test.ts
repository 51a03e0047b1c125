import type { Connection, Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { RequestFailed } from '../../../src/core/failure.ts'
import { safeText } from '../../../src/core/safe-text.ts'
import { AddressFailures } from '../../../src/node/dial/address-failures.ts'
import { Dialer } from '../../../src/node/dial/dialer.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { addressOf, type PeerOptions, startPeer, stopPeers } from '../../support/peers/peer.ts'
import * as servers from '../../support/peers/servers.ts'
import { turns, until } from '../../support/peers/until.ts'

const nodes: Libp2p[] = []
const open: servers.RawServer[] = []
let clock: ManualClock
let events: NewEvent[]
let me: Libp2p
let dialer: Dialer

beforeEach(() => begin())

afterEach(async () => {
  await stopPeers(nodes.splice(0))
  await Promise.all(open.splice(0).map(server => server.close()))
})

async function begin(options: PeerOptions = {}): Promise<void> {
  clock = new ManualClock()
  events = []
  me = await peer(options)
  const failures = new AddressFailures(new LogTap())
  dialer = new Dialer({ libp2p: me, clock, failures, emit: event => events.push(event) })
}

async function peer(options: PeerOptions = {}): Promise<Libp2p> {
  const node = await startPeer(options)
  nodes.push(node)
  return node
}

async function server(starting: Promise<servers.RawServer>): Promise<servers.RawServer> {
  const started = await starting
  open.push(started)
  return started
}

const dial = (target: unknown, signal = new AbortController().signal, id = 'd1') =>
  dialer.dial(String(target), { signal, requestId: safeText(id) })

/** The failure that a dial ends in; its last event must say the same. */
async function failure(dialing: Promise<unknown>) {
  const error = await dialing.then(
    () => expect.fail('the dial succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof RequestFailed)) throw error
  expect(last('dial:failed')).toMatchObject(error.failure)
  expect(events.filter(({ type }) => type === 'dial:failed')).toHaveLength(1)
  return error.failure
}

function last<T extends NewEvent['type']>(type: T): Extract<NewEvent, { type: T }> {
  const event = events.findLast(candidate => candidate.type === type)
  return (event as Extract<NewEvent, { type: T }>) ?? expect.fail(`no ${type}`)
}

const stages = () => events.flatMap(event => (event.type === 'dial:progressed' ? [event.stage] : []))
const withoutPeer = (address: unknown) => String(address).replace(/\/p2p\/.*/, '')
const portOf = (node: Libp2p) => /\/tcp\/(\d+)/.exec(addressOf(node).toString())?.[1]

describe('a dial that succeeds', () => {
  it('says who answered, and passes each stage', async () => {
    const other = await peer()
    const result = await dial(addressOf(other))
    expect(result).toMatchObject({ peerId: other.peerId.toString(), existing: false })
    expect(result.address).toBe(addressOf(other).toString())
    expect(me.getConnections()[0]?.id).toBe(result.connectionId)
    expect(stages()).toEqual(['queue', 'resolve', 'connect', 'encrypt', 'established'])
    expect(events[0]).toEqual({
      type: 'dial:started',
      requestId: 'd1',
      target: addressOf(other).toString(),
      peerId: other.peerId.toString(),
    })
    expect(events.at(-1)).toEqual({
      type: 'dial:succeeded',
      requestId: 'd1',
      target: addressOf(other).toString(),
      ...result,
    })
    expect(events).toContainEqual(
      expect.objectContaining({ stage: 'connect', detail: addressOf(other).toString() }),
    )
    expect(clock.pending).toBe(0)
  })

  it('finds out who answers when the address does not say', async () => {
    const other = await peer()
    expect((await dial(withoutPeer(addressOf(other)))).peerId).toBe(other.peerId.toString())
    expect(last('dial:started')).not.toHaveProperty('peerId')
  })

  it('resolves names', async () => {
    const other = await peer()
    expect((await dial(`/dns4/localhost/tcp/${portOf(other)}`)).peerId).toBe(other.peerId.toString())
  })

  it('looks a Peer ID up among the known addresses', async () => {
    const other = await peer()
    await me.peerStore.merge(other.peerId, { multiaddrs: [addressOf(other)] })
    expect((await dial(other.peerId)).address).toBe(addressOf(other).toString())
  })

  it('asks on a stream when the other side does not identify itself', async () => {
    const other = await peer({ identify: false, ping: false })
    const dialing = dial(addressOf(other))
    await until(() => stages().includes('established'))
    await turns()
    expect(events.at(-1)?.type).toBe('dial:progressed')
    clock.advance(150)
    expect((await dialing).existing).toBe(false)
    expect(clock.pending).toBe(0)
  })
})

describe('a peer that is connected already', () => {
  it.each(['its Peer ID', 'its address', 'its address without Peer ID'])(
    'is not dialed again by %s',
    async how => {
      const other = await peer()
      let opened = 0
      other.addEventListener('connection:open', () => opened++)
      const first = await dial(addressOf(other))
      const target = { 'its Peer ID': other.peerId, 'its address': addressOf(other) }[how]
      const again = await dial(target ?? withoutPeer(addressOf(other)))
      expect(again).toMatchObject({ connectionId: first.connectionId, existing: true })
      expect(last('dial:succeeded').existing).toBe(true)
      expect(me.getConnections()).toHaveLength(1)
      expect(stages().filter(stage => stage === 'connect')).toHaveLength(1)
    },
  )
})

describe('the same target twice at once', () => {
  it('is one dial with one set of events', async () => {
    const other = await peer()
    const both = [dial(addressOf(other)), dial(addressOf(other), undefined, 'd2')]
    const [first, second] = await Promise.all(both)
    expect(second).toEqual(first)
    expect(stages()).toEqual(['queue', 'resolve', 'connect', 'encrypt', 'established'])
    expect(events.filter(({ type }) => type !== 'dial:progressed').map(({ type }) => type)).toEqual([
      'dial:started',
      'dial:succeeded',
    ])
    expect(new Set(events.map(({ requestId }) => requestId))).toEqual(new Set(['d1']))
  })

  it('succeeds under each of its names, though libp2p closes the connection that is one too many', async () => {
    const other = await peer()
    const address = addressOf(other)
    const results = await Promise.all([
      dial(address),
      dial(withoutPeer(address), undefined, 'd2'),
      dial(other.peerId, undefined, 'd3'),
    ])
    const standing = me.getConnections().map(({ id }) => id)
    expect(standing).toHaveLength(1)
    expect(results.map(({ connectionId }) => connectionId)).toEqual(results.map(() => standing[0]))
    expect(events.some(({ type }) => type === 'dial:failed')).toBe(false)
  })

  it('does not repeat stages when the same peer is dialed by another name', async () => {
    const other = await peer()
    await Promise.all([dial(addressOf(other)), dial(other.peerId, undefined, 'd2')])
    const ofSecond = events.filter(event => event.type === 'dial:progressed' && event.requestId === 'd2')
    expect(ofSecond.map(event => ('stage' in event ? event.stage : ''))).toEqual([
      'queue',
      'connect',
      'encrypt',
      'established',
    ])
  })

  it('ends only when the last of those who wait has cancelled', async () => {
    const silent = await server(servers.startSilentServer())
    const one = new AbortController()
    const two = new AbortController()
    const first = dial(silent.address, one.signal)
    const second = failure(dial(silent.address, two.signal, 'd2'))
    await until(() => stages().includes('encrypt'))
    one.abort()
    await expect(first).rejects.toMatchObject({ failure: { stage: 'request', cause: 'Cancelled' } })
    expect(events.at(-1)?.type).toBe('dial:progressed')
    two.abort()
    expect(await second).toMatchObject({ stage: 'request', cause: 'Cancelled' })
    expect(last('dial:failed').requestId).toBe('d1')
  })

  it('is a new dial after the first was cancelled', async () => {
    const silent = await server(servers.startSilentServer())
    const cancel = new AbortController()
    const first = dial(silent.address, cancel.signal)
    cancel.abort()
    const again = new AbortController()
    const second = dial(silent.address, again.signal, 'd2')
    await expect(first).rejects.toThrow('Cancelled')
    await until(() => events.some(event => event.type === 'dial:progressed' && event.requestId === 'd2'))
    again.abort()
    await expect(second).rejects.toThrow('Cancelled')
  })
})

describe('a dial that fails', () => {
  it('at a port where nothing listens', async () => {
    const port = await servers.freePort()
    expect(await failure(dial(`/ip4/127.0.0.1/tcp/${port}`))).toMatchObject({
      stage: 'connect',
      cause: `Nothing listens at 127.0.0.1:${port}: the connection was refused`,
    })
    expect(last('dial:failed').attempts).toEqual([
      {
        address: `/ip4/127.0.0.1/tcp/${port}`,
        cause: `Nothing listens at 127.0.0.1:${port}: the connection was refused`,
      },
    ])
  })

  it('where another peer answers', async () => {
    const [other, wanted] = [await peer(), await peer()]
    const target = `${withoutPeer(addressOf(other))}/p2p/${wanted.peerId}`
    expect(await failure(dial(target))).toMatchObject({
      stage: 'encrypt',
      cause: `Another peer answers there: ${other.peerId} instead of ${wanted.peerId}`,
    })
    expect(last('dial:failed').peerId).toBe(wanted.peerId.toString())
  })

  it.each([
    ['a web server', servers.startWebServer],
    ['a server that hangs up', servers.startHangingUp],
  ])('at %s', async (_, start) => {
    const { stage, cause } = await failure(dial((await server(start())).address))
    expect(stage).toBe('encrypt')
    expect(cause).toMatch(/does not speak libp2p|cut the connection at once/)
  })

  it.each([
    ['says nothing', servers.startSilentServer],
    ['speaks SSH', servers.startSshLike],
  ])('when time is up at a server that %s', async (_, start) => {
    await stopPeers(nodes.splice(0))
    await begin({ addressDialTimeout: 300 })
    expect(await failure(dial((await server(start())).address))).toMatchObject({
      stage: 'encrypt',
      cause: 'It accepted the connection, then said nothing that libp2p understands',
    })
  })

  it('when the deadline of the request has come, at the stage where it hung', async () => {
    const silent = await server(servers.startSilentServer())
    const deadline = new AbortController()
    const dialing = failure(dial(silent.address, deadline.signal))
    await until(() => stages().includes('encrypt'))
    deadline.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    expect(await dialing).toMatchObject({ stage: 'encrypt' })
  })

  it('when it was cancelled before it began', async () => {
    const other = await peer()
    expect(await failure(dial(addressOf(other), AbortSignal.abort()))).toMatchObject({
      stage: 'request',
      cause: 'Cancelled',
    })
    expect(me.getConnections()).toHaveLength(0)
  })

  it('without an encryption in common', async () => {
    const plain = await peer({ encryption: false, identify: false, ping: false })
    expect(await failure(dial(addressOf(plain)))).toMatchObject({
      stage: 'encrypt',
      cause: 'It speaks neither noise nor TLS: no encryption in common',
    })
  })

  it('without a muxer in common', async () => {
    const single = await peer({ muxer: false })
    expect(await failure(dial(addressOf(single)))).toMatchObject({ stage: 'multiplex' })
  })

  it('to oneself, also when only the handshake shows it', async () => {
    const itself = { stage: 'target', cause: 'That is this node itself' }
    expect(await failure(dial(addressOf(me)))).toMatchObject(itself)
    events.length = 0
    expect(await failure(dial(withoutPeer(addressOf(me))))).toMatchObject(itself)
    events.length = 0
    expect(await failure(dial(me.peerId))).toMatchObject(itself)
  })

  it('without a transport for the address', async () => {
    expect(await failure(dial('/ip4/127.0.0.1/udp/1/quic-v1'))).toMatchObject({
      stage: 'resolve',
      cause: 'No transport for this kind of address: TCP, WebSocket, QUIC and Unix sockets can be dialed',
    })
  })

  it('to a Peer ID without a known address, or with one of another kind', async () => {
    const other = await peer()
    expect(await failure(dial(`/p2p/${other.peerId}`))).toMatchObject({
      stage: 'resolve',
      cause: 'No address of this peer is known',
    })
    await me.peerStore.merge(other.peerId, { multiaddrs: [multiaddr('/ip4/127.0.0.1/udp/1/quic-v1')] })
    events.length = 0
    expect(await failure(dial(other.peerId))).toMatchObject({
      cause: 'None of the 1 addresses known can be dialed: there is no transport for them',
    })
  })

  it('at a name that does not exist', async () => {
    const { stage, cause } = await failure(dial('/dns4/nonexistent.invalid/tcp/1'))
    expect(stage).toBe('resolve')
    expect(cause).toMatch(/: nonexistent\.invalid/)
  })

  it('at a target that is none, with a start and an end in the log all the same', async () => {
    expect(await failure(dial('\x1b[2J'))).toMatchObject({ stage: 'target' })
    expect(events.map(({ type }) => type)).toEqual(['dial:started', 'dial:failed'])
    expect(last('dial:started').target).toBe('\uFFFD[2J')
  })

  it('at each of several addresses, each with its reason', async () => {
    const other = await peer()
    const web = await server(servers.startWebServer())
    const dead = `/ip4/127.0.0.1/tcp/${await servers.freePort()}`
    const addresses = [dead, web.address].map(address => multiaddr(address))
    await me.peerStore.merge(other.peerId, { multiaddrs: addresses })
    const { stage, cause } = await failure(dial(other.peerId))
    expect(stage).toBe('encrypt')
    expect(cause).toMatch(/^None of 2 addresses worked/)
    const { attempts } = last('dial:failed')
    expect(attempts).toHaveLength(2)
    const causeAt = (address: string) => attempts.find(attempt => attempt.address.startsWith(address))?.cause
    expect(causeAt(dead)).toMatch(/^Nothing listens/)
    expect(causeAt(web.address)).toMatch(/does not speak libp2p|cut the connection/)
    expect(stages().filter(each => each === 'connect')).toHaveLength(2)
  })

  it('at more addresses than are tried', async () => {
    const other = await peer()
    const port = await servers.freePort()
    const multiaddrs = Array.from({ length: 30 }, (_, n) => multiaddr(`/ip4/127.0.0.${n + 2}/tcp/${port}`))
    await me.peerStore.merge(other.peerId, { multiaddrs })
    expect((await failure(dial(other.peerId))).cause).toMatch(/more addresses than are tried in one dial/)
    expect(last('dial:failed').attempts).toHaveLength(25)
  })

  it('because of our own rules', async () => {
    await stopPeers(nodes.splice(0))
    await begin({ gater: { denyDialPeer: () => true } })
    expect(await failure(dial(addressOf(await peer())))).toMatchObject({
      cause: 'Our own rules forbid to dial it',
    })
  })

  it('while the node stops, and after', async () => {
    const silent = await server(servers.startSilentServer())
    const dialing = failure(dial(silent.address))
    await until(() => stages().includes('encrypt'))
    await me.stop()
    expect(await dialing).toMatchObject({ stage: 'request', cause: 'The node is not running' })
    events.length = 0
    expect(await failure(dial(silent.address))).toMatchObject({ cause: 'The node is not running' })
    expect(events.map(({ type }) => type)).toEqual(['dial:started', 'dial:failed'])
  })
})

describe('a peer that refuses us', () => {
  it('before the handshakes: cut at once', async () => {
    const strict = await peer({ gater: { denyInboundConnection: () => true } })
    const { stage, cause } = await failure(dial(addressOf(strict)))
    expect(['connect', 'encrypt']).toContain(stage)
    expect(cause).toMatch(/cut the connection at once|turns us away/)
  })

  it.each(['denyInboundEncryptedConnection', 'denyInboundUpgradedConnection'] as const)(
    'after our half of the handshakes (%s): refused, though the dial had resolved',
    async hook => {
      const strict = await peer({ gater: { [hook]: () => true } })
      expect(await failure(dial(addressOf(strict)))).toMatchObject({
        stage: 'established',
        cause: 'It refused us: the connection stood and was cut at once',
      })
      expect(stages().at(-1)).toBe('established')
      expect(last('dial:failed').attempts).toEqual([
        {
          address: addressOf(strict).toString(),
          cause: 'It refused us: the connection stood and was cut at once',
        },
      ])
      expect(clock.pending).toBe(0)
    },
  )

  it('after taking its time over it: still refused, whatever the grace', async () => {
    const decision = Promise.withResolvers<boolean>()
    const slow = await peer({ gater: { denyInboundUpgradedConnection: () => decision.promise } })
    const dialing = failure(dial(addressOf(slow)))
    await until(() => stages().includes('established'))
    clock.advance(1_000)
    await turns()
    decision.resolve(true)
    expect(await dialing).toMatchObject({ stage: 'established' })
  })

  it('is not waited for without end when it neither takes nor refuses us', async () => {
    const undecided = await peer({
      gater: { denyInboundUpgradedConnection: () => new Promise<boolean>(() => {}) },
    })
    const dialing = dial(addressOf(undecided))
    await until(() => stages().includes('established'))
    clock.advance(2_000)
    expect(await dialing).toMatchObject({ existing: false })
  })

  it('leaves a dial that is cancelled at this late moment with its connection', async () => {
    const undecided = await peer({
      gater: { denyInboundUpgradedConnection: () => new Promise<boolean>(() => {}) },
    })
    const cancel = new AbortController()
    const dialing = dial(addressOf(undecided), cancel.signal)
    await until(() => stages().includes('established'))
    cancel.abort()
    const connection = me.getConnections()[0] as Connection
    expect(await dialing).toMatchObject({ connectionId: connection.id })
  })
})
