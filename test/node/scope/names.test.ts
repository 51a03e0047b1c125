import { createSocket } from 'node:dgram'
import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { type Answer, decode, encode } from 'dns-packet'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNode } from '../../../src/node/create-node.ts'
import { explain } from '../../../src/node/errors/explain.ts'
import { GivenAddresses } from '../../../src/node/scope/given.ts'
import { type NameServers, Names } from '../../../src/node/scope/names.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { stopPeers } from '../../support/peers/peer.ts'
import { startServer } from '../../support/peers/servers.ts'
import { ANNA, BERT } from '../../support/swarms.ts'

type Zone = Readonly<Record<string, readonly string[]>>

/** A name server on loopback with such records: `A example.org`, `TXT _dnsaddr.example.org`. */
async function nameServer(zone: Zone): Promise<{ servers: Resolver; asked: string[] }> {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (bytes, { port, address }) => {
    const query = decode(bytes)
    const answers = (query.questions ?? []).flatMap(({ type, name }): Answer[] => {
      asked.push(`${type} ${name}`)
      return (zone[`${type} ${name}`] ?? []).map(data => ({ type, name, ttl: 0, data }) as Answer)
    })
    const { id, questions = [] } = query
    socket.send(encode({ type: 'response', id: id ?? 0, questions, answers }), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  const servers = new Resolver({ timeout: 2_000, tries: 2 })
  servers.setServers([`127.0.0.1:${socket.address().port}`])
  return { servers, asked }
}

async function nodeWith(names: Names): Promise<Libp2p> {
  const node = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: undefined,
    logTap: new LogTap(),
    trafficTap: new TrafficTap({ streamOpened: () => [] }),
    sharedPort: new SharedPort(names),
    names,
  })
  await node.start()
  onTestFinished(() => stopPeers([node]))
  return node
}

describe('a name of which a stranger told', () => {
  it.each(['', '/ws'])('is not followed to this machine, over tcp%s', async above => {
    let connected = 0
    const trap = await startServer(socket => {
      connected += 1
      socket.destroy()
    })
    onTestFinished(() => trap.close())
    const { servers } = await nameServer({ 'A evil.example.org': ['127.0.0.1'] })
    const node = await nodeWith(new Names(new GivenAddresses(), servers))
    const address = multiaddr(`/dns4/evil.example.org/tcp/${trap.port}${above}/p2p/${ANNA}`)
    const error = await node.dial(address).catch((reason: unknown) => reason)
    expect(connected).toBe(0)
    const { stage, cause, hint } = explain(error, { stage: 'connect' })
    expect(stage).toBe('resolve')
    expect(cause).toBe('evil.example.org leads to 127.0.0.1, where nobody outside may send us')
    expect(hint).toContain('dial the whole address')
  })

  it.each(['', '/ws'])('is followed once a person gave it, over tcp%s', async above => {
    let connected = 0
    const trap = await startServer(socket => {
      connected += 1
      socket.destroy()
    })
    onTestFinished(() => trap.close())
    const given = new GivenAddresses()
    given.add(`/dns4/localhost/tcp/${trap.port}${above}`)
    const node = await nodeWith(new Names(given, {} as NameServers))
    await node.dial(multiaddr(`/dns4/localhost/tcp/${trap.port}${above}/p2p/${ANNA}`)).catch(() => undefined)
    expect(connected).toBe(1)
  })

  it.each([
    [['127.0.0.1', '10.0.0.1', '11.0.0.1'], ['11.0.0.1']],
    [
      ['11.0.0.1', '11.0.0.2'],
      ['11.0.0.1', '11.0.0.2'],
    ],
    [['0.0.0.0', '169.254.169.254'], []],
  ])('that stands for %j leads to %j', async (found, leads) => {
    const { servers } = await nameServer({ 'A example.org': found })
    const lookup = new Names(new GivenAddresses(), servers).lookupFor(multiaddr('/dns/example.org/tcp/1'))
    const all = await new Promise<unknown>(resolve =>
      lookup?.('example.org', { all: true }, (error, addresses) => resolve(error ?? addresses)),
    )
    if (leads.length === 0) expect(all).toMatchObject({ name: 'NameScopeError' })
    else expect(all).toEqual(leads.map(address => ({ address, family: 4 })))
  })

  it('that is an IP address is looked up nowhere, and leads where that address does', async () => {
    const lookup = new Names(new GivenAddresses(), {} as NameServers).lookupFor(
      multiaddr('/dns4/127.0.0.1/tcp/1'),
    )
    const name = await new Promise<unknown>(resolve =>
      lookup?.('127.0.0.1', { all: true }, (error, addresses) => resolve(error ?? addresses)),
    )
    // As an address it is this machine's, and whoever may name that may name it so.
    expect(name).toEqual([{ address: '127.0.0.1', family: 4 }])
  })
})

describe('a dnsaddr', () => {
  const resolve = (names: Names, address: string, signal = new AbortController().signal) =>
    names.dnsaddr.resolve(multiaddr(address), { signal, log: undefined as never })

  it('stands for the public addresses among its records, those of the peer that is wanted', async () => {
    const { servers } = await nameServer({
      'TXT _dnsaddr.example.org': [
        `dnsaddr=/ip4/11.0.0.1/tcp/4001/p2p/${ANNA}`,
        `dnsaddr=/ip4/127.0.0.1/tcp/22/p2p/${ANNA}`,
        `dnsaddr=/ip4/192.168.1.1/tcp/80/p2p/${ANNA}`,
        `dnsaddr=/dns4/localhost/tcp/80/p2p/${ANNA}`,
        `dnsaddr=/ip4/11.0.0.2/tcp/4001/p2p/${BERT}`,
        `dnsaddr=/dnsaddr/more.example.org/p2p/${ANNA}`,
        'something else',
        'dnsaddr=no address',
      ],
      'TXT _dnsaddr.more.example.org': [`dnsaddr=/ip6/2600::1/tcp/4001/p2p/${ANNA}`],
    })
    const names = new Names(new GivenAddresses(), servers)
    const found = await resolve(names, `/dnsaddr/example.org/p2p/${ANNA}`)
    expect(found.map(String)).toEqual([
      `/ip4/11.0.0.1/tcp/4001/p2p/${ANNA}`,
      `/ip6/2600::1/tcp/4001/p2p/${ANNA}`,
    ])
  })

  it('that leads back to itself, or to ever more names, ends after sixteen questions', async () => {
    const asked: string[] = []
    const more = (): string[][] =>
      Array.from({ length: 50 }, (_, n) => [`dnsaddr=/dnsaddr/n${n}.${asked.length}.example.org`])
    const resolveTxt = async (name: string): Promise<string[][]> => {
      asked.push(name)
      return name.endsWith('.loop.example.org') ? [['dnsaddr=/dnsaddr/loop.example.org']] : more()
    }
    const names = new Names(new GivenAddresses(), { resolveTxt } as unknown as NameServers)
    expect(await resolve(names, '/dnsaddr/loop.example.org')).toEqual([])
    expect(asked.length).toBeLessThanOrEqual(4)
    asked.length = 0
    expect(await resolve(names, '/dnsaddr/example.org')).toEqual([])
    expect(asked).toHaveLength(16)
  })

  it('with a hundred thousand records stands for some', async () => {
    const records = Array.from({ length: 100_000 }, (_, n) => [
      `dnsaddr=/ip4/11.0.${n % 250}.1/tcp/${n % 60_000}`,
    ])
    const names = new Names(new GivenAddresses(), {
      resolveTxt: async () => records,
    } as unknown as NameServers)
    expect(await resolve(names, '/dnsaddr/example.org')).toHaveLength(32)
  })

  it('of a name server that never answers ends with the dial, and keeps no other address from being dialed', async () => {
    const silent = { resolveTxt: () => new Promise(() => {}) } as unknown as NameServers
    const given = new GivenAddresses()
    const names = new Names(given, silent)
    const ending = new AbortController()
    const resolving = resolve(names, '/dnsaddr/example.org', ending.signal)
    ending.abort(new Error('over'))
    expect(await resolving).toEqual([])
    given.add('/dnsaddr/example.org')
    await expect(resolve(names, '/dnsaddr/example.org', ending.signal)).rejects.toThrow('over')
  })
})

it('remembers what a person gave by host and port', () => {
  const given = new GivenAddresses()
  for (const words of [`/dns4/Nas.Lan/tcp/4001/ws/p2p/${ANNA}`, 'not one', '12D3KooW', `/p2p/${ANNA}`, '/'])
    given.add(words)
  expect(given.has(multiaddr('/dns4/nas.lan/tcp/4001'))).toBe(true)
  expect(given.has(multiaddr(`/dns4/nas.lan/tcp/4001/p2p/${BERT}/p2p-circuit/p2p/${ANNA}`))).toBe(true)
  expect(given.has(multiaddr('/dns4/nas.lan/tcp/22'))).toBe(false)
  for (let n = 0; n < 1_000; n += 1) given.add(`/dns4/nas.lan/tcp/${n}`)
  expect(given.has(multiaddr('/dns4/nas.lan/tcp/4001'))).toBe(false)
})
