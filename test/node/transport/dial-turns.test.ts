import type { Connection, DialTransportOptions, Transport } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import type { Excess } from '../../../src/node/limits/node-limits.ts'
import { GivenAddresses } from '../../../src/node/scope/given.ts'
import { DialTurns, MOST_TO_ONE_HOST } from '../../../src/node/transport/dial-turns.ts'
import type { TransportFactory } from '../../../src/node/transport/lazy-transport.ts'
import { turns } from '../../support/peers/until.ts'

/** A transport whose dials end when the test says so. */
function slow() {
  const running: { address: string; end(): void }[] = []
  const told: Excess[] = []
  const given = new GivenAddresses()
  const dial = (address: Multiaddr): Promise<Connection> => {
    const { promise, resolve } = Promise.withResolvers<Connection>()
    running.push({ address: address.toString(), end: () => resolve({} as Connection) })
    return promise
  }
  const factory = (() => ({ dial })) as unknown as TransportFactory
  const transport: Transport = new DialTurns({ given, exceeded: excess => told.push(excess) }).of(factory)(
    {} as Parameters<TransportFactory>[0],
  )
  const start = (address: string, signal = new AbortController().signal) =>
    transport.dial(multiaddr(address), { signal } as DialTransportOptions).catch((error: unknown) => error)
  return { running, told, given, start }
}

it('sixteen dials to one host are under way at once, whatever the port, and as many to each other host', async () => {
  const { running, start } = slow()
  for (let n = 1; n <= 40; n += 1) void start(`/ip4/11.0.0.1/tcp/${n}`)
  for (let n = 1; n <= 40; n += 1) void start(`/dns4/example.org/tcp/${n}/ws`)
  await turns()
  expect(running).toHaveLength(2 * MOST_TO_ONE_HOST)
  void start('/ip4/11.0.0.2/tcp/1')
  await turns()
  expect(running.at(-1)?.address).toBe('/ip4/11.0.0.2/tcp/1')
})

it('those that wait come in turn, and none is left waiting', async () => {
  const { running, start } = slow()
  const dials = Array.from({ length: 40 }, (_, n) => start(`/ip4/11.0.0.1/tcp/${n + 1}`))
  await turns()
  for (let ended = 0; ended < 40; ended += 1) {
    running[ended]?.end()
    await turns()
  }
  await Promise.all(dials)
  expect(running.map(({ address }) => address)).toEqual(
    Array.from({ length: 40 }, (_, n) => `/ip4/11.0.0.1/tcp/${n + 1}`),
  )
})

it('one that is given up while it waits is told, and leaves the others their turn', async () => {
  const { running, told, start } = slow()
  for (let n = 0; n < MOST_TO_ONE_HOST; n += 1) void start('/ip4/11.0.0.1/tcp/1')
  const ending = new AbortController()
  const given = start('/ip4/11.0.0.1/tcp/2', ending.signal)
  void start('/ip4/11.0.0.1/tcp/3')
  await turns()
  ending.abort(new Error('over'))
  expect(await given).toMatchObject({ message: 'over' })
  expect(told).toMatchObject([{ limit: 'dialsToHost', host: '11.0.0.1' }])
  running[0]?.end()
  await turns()
  expect(running.at(-1)?.address).toBe('/ip4/11.0.0.1/tcp/3')
})

it('what a person gave waits for nobody', async () => {
  const { running, given, start } = slow()
  for (let n = 0; n < 40; n += 1) void start('/ip4/11.0.0.1/tcp/1')
  given.add('/ip4/11.0.0.1/tcp/4001')
  void start('/ip4/11.0.0.1/tcp/4001')
  await turns()
  expect(running.at(-1)?.address).toBe('/ip4/11.0.0.1/tcp/4001')
})
