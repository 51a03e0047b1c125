import { describe, expect, it } from 'vitest'
import { RequestFailed } from '../../../src/core/failure.ts'
import { startFakePort } from '../../../src/node/fake/fake-port.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { PortReader } from '../../support/port-reader.ts'

const SECONDS = 1000
const STRANGER = `12D3KooW${'A'.repeat(44)}`

async function quietNetwork() {
  const clock = new ManualClock()
  const fake = startFakePort({ clock, lively: false })
  clock.advance(10)
  const reader = new PortReader(fake.port)
  await reader.read()
  const [near, far, , other] = fake.peers
  const refuser = fake.peers.find(({ role }) => role === 'refuser')
  if (!near || !far || !other || !refuser) throw new Error('nobody there')
  const at = ({ host, port }: typeof near) => `/ip4/${host}/tcp/${port}`
  /** Dials, and lets time pass until that has ended. */
  const dial = async (target: string) => {
    const request = fake.port.request('dial', { target }).catch((reason: unknown) => reason)
    await clock.advanceAsync(8 * SECONDS)
    return request
  }
  return { clock, fake, reader, near, far, other, refuser, at, dial }
}

describe('dialing in the fake network', () => {
  it('passes the stages, the further away the slower', async () => {
    const { reader, near, far, at, dial } = await quietNetwork()
    for (const peer of [near, far]) expect(await dial(at(peer))).toMatchObject({ peerId: peer.peerId })
    await reader.until(({ state }) => state.connections.size === 2)
    const steps = reader.of('dial:progressed').map(({ stage }) => stage)
    const order = ['queue', 'resolve', 'connect', 'encrypt', 'multiplex', 'established']
    expect(steps).toEqual([...order, ...order])
    const elapsed = reader.of('dial:progressed').map(({ elapsedMs }) => elapsedMs)
    expect(elapsed.slice(0, 6)).toEqual(elapsed.slice(0, 6).sort((a, b) => a - b))
    const [nearDial, farDial] = reader.of('dial:succeeded')
    expect(farDial?.durationMs).toBeGreaterThan(10 * (nearDial?.durationMs ?? 0))
  })

  it.each([
    ['/ip4/192.168.1.250/tcp/1', 'connect', /Nothing listens at .*refused/],
    ['/ip4/192.168.1.250/tcp/4001', 'connect', /refused/],
    ['/ip4/203.0.113.250/tcp/4001', 'connect', /No answer/],
    ['/ip4/203.0.113.250/tcp/443', 'encrypt', /does not speak libp2p/],
    ['/dns4/peer.example/tcp/4001', 'resolve', /No such name: peer\.example/],
    ['/ip4/192.168.1.2/udp/4001/quic-v1', 'resolve', /No transport/],
    [STRANGER, 'resolve', /No address/],
    [`/p2p/${STRANGER}`, 'resolve', /No address/],
    ['/ip4/192.168.1.20/tcp/4001', 'target', /itself/],
    ['192.168.1.2:4001', 'target', /neither/],
    ['/ip4/300.1.1.1/tcp/1', 'target', /not a usable multiaddr/],
    ['/ip4/192.168.1.2/tcp/99999', 'target', /TCP port/],
    ['/ip4/192.168.1.2/tcp/1/p2p/bob', 'target', /bob is not a Peer ID/],
    ['/p2p/bob', 'target', /not a Peer ID/],
  ])('%s fails at %s', async (target, stage, cause) => {
    const { reader, dial } = await quietNetwork()
    const error = await dial(target)
    if (!(error instanceof RequestFailed)) throw new Error('it did not fail')
    expect(error.failure).toMatchObject({ stage, cause: expect.stringMatching(cause) })
    expect(await reader.event('dial:failed')).toMatchObject({ target, ...error.failure })
    expect(reader.state.dials.size).toBe(0)
  })

  it('finds out when another peer answers', async () => {
    const { near, other, at, dial } = await quietNetwork()
    expect(await dial(`${at(near)}/p2p/${other.peerId}`)).toMatchObject({
      failure: {
        stage: 'encrypt',
        cause: expect.stringContaining(`${near.peerId} instead of ${other.peerId}`),
      },
    })
  })

  it('is cut by a peer that refuses, after the connection stood', async () => {
    const { reader, refuser, at, dial } = await quietNetwork()
    expect(await dial(at(refuser))).toMatchObject({ failure: { stage: 'established' } })
    await reader.event('connection:closed')
    expect(reader.state.connections.size).toBe(0)
  })

  it('does not reach a peer that is away', async () => {
    const { fake, near, dial } = await quietNetwork()
    const peer = fake.peers.find(({ peerId }) => peerId === near.peerId)
    if (peer !== undefined) peer.online = false
    expect(await dial(near.peerId)).toMatchObject({ failure: { stage: 'connect' } })
  })

  it('leaves those who joined a dial their dial when the first gives up', async () => {
    const { clock, fake, far, reader } = await quietNetwork()
    const target = far.peerId
    const controller = new AbortController()
    const first = fake.port.request('dial', { target }, { signal: controller.signal })
    const second = fake.port.request('dial', { target })
    controller.abort()
    await expect(first).rejects.toThrow('Cancelled')
    await clock.advanceAsync(2 * SECONDS)
    expect(await second).toMatchObject({ peerId: target })
    await reader.event('dial:succeeded')
    expect(reader.of('dial:started')).toHaveLength(1)
    expect(reader.of('dial:failed')).toHaveLength(0)
  })

  it('may be tried again after it was called off', async () => {
    const { fake, far, dial, reader } = await quietNetwork()
    const controller = new AbortController()
    const first = fake.port.request('dial', { target: far.peerId }, { signal: controller.signal })
    controller.abort()
    await expect(first).rejects.toThrow('Cancelled')
    expect(await dial(far.peerId)).toMatchObject({ existing: false })
    await reader.event('dial:succeeded')
    expect(reader.of('dial:failed')).toHaveLength(1)
  })
})

describe('asking the fake node', () => {
  it('pings: the first on a connection is cold and slower', async () => {
    const { clock, fake, near, dial } = await quietNetwork()
    await dial(near.peerId)
    const pings = []
    for (let n = 0; n < 5; n += 1) {
      const ping = fake.port.request('ping', { peerId: near.peerId })
      await clock.advanceAsync(SECONDS)
      pings.push(await ping)
    }
    expect(pings.map(({ cold }) => cold)).toEqual([true, false, false, false, false])
    for (const { rttMs } of pings) expect(rttMs).toBeLessThan(10)
  })

  it('pings on once a second, until it hangs up', async () => {
    const { clock, fake, near, dial, reader } = await quietNetwork()
    const { peerId } = near
    await dial(peerId)
    await fake.port.request('keepPinging', { peerId, on: true })
    await fake.port.request('keepPinging', { peerId, on: true })
    await clock.advanceAsync(3500)
    await fake.port.request('hangUp', { peerId })
    await clock.advanceAsync(3000)
    await reader.event('connection:closed')
    expect(reader.of('ping:started')).toHaveLength(1)
    expect(reader.of('ping:succeeded')).toHaveLength(4)
    expect(reader.of('ping:stopped')).toHaveLength(1)
    expect(reader.of('ping:failed')).toHaveLength(0)
    expect(clock.pending).toBe(0)
  })

  it('listens where this machine is, and where nobody else does', async () => {
    const { fake } = await quietNetwork()
    const listen = (address: string) => fake.port.request('listen', { address })
    expect((await listen('/ip4/0.0.0.0/tcp/5000')).addresses).toHaveLength(2)
    await expect(listen('/ip4/192.168.1.20/tcp/5000')).rejects.toThrow(/already/)
    await expect(listen('/ip4/8.8.8.8/tcp/0')).rejects.toThrow(/no such address/)
    expect((await listen('/ip6/::/tcp/0')).addresses[0]).toMatch(/^\/ip6\/::1\/tcp\/[1-9]/)
  })
})
