import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, vi } from 'vitest'
import { type Failure, RequestFailed, type Stage } from '../../../src/core/failure.ts'
import type { Result } from '../../../src/core/requests.ts'
import { safeText, say } from '../../../src/core/safe-text.ts'
import { type DialOrFindParts, dialOrFind } from '../../../src/node/routing/dial-or-find.ts'

const PEER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const OLD = '/ip4/10.0.0.1/tcp/1'
const NEW = '/ip4/10.0.0.2/tcp/2'

const whole = (address: string) => safeText(`${address}/p2p/${PEER}`)
const fails = (stage: Stage, cause = 'Nobody there') =>
  new RequestFailed({ stage, cause: safeText(cause), hint: say`try` })
const found = (...addresses: string[]) =>
  ({ peers: [{ peerId: safeText(PEER), addresses: addresses.map(whole) }] }) as unknown as Result<'query'>
const connected = { existing: false } as Result<'dial'>

/** Not connected, and some addresses in the address book. */
const knowing = (...addresses: string[]) => ({
  getConnections: () => [],
  peerStore: { get: async () => ({ addresses: addresses.map(text => ({ multiaddr: multiaddr(text) })) }) },
})

function parts(change: Partial<DialOrFindParts> = {}, first: Error = fails('connect')) {
  const dialAt = vi.fn(async () => connected)
  const find = vi.fn(async () => found(OLD, NEW))
  const libp2p = knowing(OLD)
  const dialer = { dial: async () => Promise.reject(first), dialAt }
  return { dialer, find, libp2p, dialAt, ...change } as unknown as DialOrFindParts & {
    dialAt: typeof dialAt
    find: typeof find
  }
}

const context = () => ({ signal: new AbortController().signal, requestId: say`r`, deadlineMs: 1000 })

async function failure(work: Promise<unknown>): Promise<Failure> {
  const error = await work.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(RequestFailed)
  return (error as RequestFailed).failure
}

it('dials the addresses of the DHT that are new', async () => {
  const world = parts()
  expect(await dialOrFind(PEER, context(), world)).toBe(connected)
  expect(world.dialAt).toHaveBeenCalledWith(peerIdFromString(PEER), [whole(NEW)], expect.anything())
})

it('asks first where no address is known, and dials once', async () => {
  const order: string[] = []
  const world = parts({
    libp2p: knowing() as never,
    find: async () => {
      order.push('find')
      return found(NEW)
    },
    dialer: {
      dial: async () => {
        order.push('dial')
        return connected
      },
      dialAt: () => expect.fail('dialed twice'),
    },
  })
  expect(await dialOrFind(PEER, context(), world)).toBe(connected)
  expect(order).toEqual(['find', 'dial'])
})

it('names both where no address is known, and the DHT knows none', async () => {
  const nobody = fails('resolve', 'Nobody in the DHT knows')
  const world = parts(
    { libp2p: knowing() as never, find: () => Promise.reject(nobody) },
    fails('resolve', 'No address is known'),
  )
  expect((await failure(dialOrFind(PEER, context(), world))).cause).toBe(
    'No address is known. Nobody in the DHT knows',
  )
})

it('says when the DHT knows nothing new', async () => {
  const world = parts({ find: async () => found(OLD) })
  expect(await failure(dialOrFind(PEER, context(), world))).toMatchObject({
    stage: 'resolve',
    cause: 'Nobody there. The DHT knows no other address of it',
  })
  expect(world.dialAt).not.toHaveBeenCalled()
})

it('names both dials when the second one fails too', async () => {
  const world = parts()
  world.dialAt.mockRejectedValue(fails('encrypt', 'Somebody else answers'))
  expect(await failure(dialOrFind(PEER, context(), world))).toMatchObject({
    stage: 'encrypt',
    cause: 'Nobody there. At 1 address of the DHT: Somebody else answers',
  })
})

it.each([
  ['an address was given', `${OLD}/p2p/${PEER}`, fails('connect')],
  ['the peer turned us away', PEER, fails('established')],
  ['it is this node itself', PEER, fails('target')],
])('asks nobody when %s', async (_, target, first) => {
  const world = parts({}, first)
  await expect(dialOrFind(target, context(), world)).rejects.toBe(first)
  expect(world.find).not.toHaveBeenCalled()
})

it('asks nobody once it is called off, and says no more than that when it is meanwhile', async () => {
  const controller = new AbortController()
  const late = { signal: controller.signal, requestId: say`r`, deadlineMs: 1000 }
  const cancelled = fails('request', 'Cancelled')
  const meanwhile = parts({ find: () => Promise.reject(cancelled) })
  await expect(dialOrFind(PEER, late, meanwhile)).rejects.toBe(cancelled)
  controller.abort()
  const world = parts()
  await failure(dialOrFind(PEER, late, world))
  expect(world.find).not.toHaveBeenCalled()
})
