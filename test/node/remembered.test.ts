/** What a profile knows of peers in the next run. */
import { expect, it } from 'vitest'
import { say } from '../../src/core/safe-text.ts'
import { failureOf } from '../support/failures.ts'
import { scratchDirectory } from '../support/scratch.ts'
import { watchNode } from '../support/watched-node.ts'

const STRANGER = say`12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp`

it('names, addresses, who told of them and when', async () => {
  const profile = { ephemeral: false, dataDir: await scratchDirectory() }
  const other = watchNode()
  const peerId = await other.peerId()
  const first = watchNode(profile)
  await first.port.request('dial', { target: await other.address() })
  await first.heard('peer:identified')
  await first.port.request('name', { peerId, name: 'the old laptop' })
  const then = first.state().peers.get(peerId)?.firstSeen ?? 0
  await first.port.stop()

  const second = watchNode(profile)
  const known = await second.heard('peer:discovered', event => event.peerId === peerId)
  expect(known.source).toBe('known')
  expect(known.addresses.length).toBeGreaterThan(0)
  expect(known.earlier).toMatchObject([{ source: 'dialed', firstSeen: then }])
  expect(known.earlier?.[0]?.lastSeen).toBeGreaterThanOrEqual(then)
  expect(known.earlier?.[0]?.lastSeen).toBeLessThanOrEqual(known.time)
  await second.heard('name:given')
  expect(second.state().peers.get(peerId)).toMatchObject({ name: 'the old laptop', firstSeen: then })
  await second.port.request('forget', { peerId })
  await second.port.stop()

  const third = watchNode(profile)
  await third.heard('listen:opened')
  expect(third.state().peers.size).toBe(0)
  expect((await failureOf(() => third.port.request('forget', { peerId }))).cause).toContain(
    'Nothing is known',
  )
})

it('connections that are to stay, until one hangs up', async () => {
  const profile = { ephemeral: false, dataDir: await scratchDirectory() }
  const other = watchNode()
  const peerId = await other.peerId()
  const first = watchNode(profile)
  await first.port.request('dial', { target: await other.address() })
  await first.heard('peer:identified')
  await first.port.request('keep', { peerId, on: true })
  await first.port.stop()

  const second = watchNode(profile)
  await second.heard('connection:opened', event => event.peerId === peerId)
  // The other side hangs up: it is dialed again.
  const gone = await other.heard('connection:closed')
  await other.heard('connection:opened', event => event.seq > gone.seq)
  await other.port.request('hangUp', { peerId: await second.peerId() })
  const lost = await second.heard('connection:closed')
  await second.heard('connection:opened', event => event.seq > lost.seq)
  await second.port.request('hangUp', { peerId })
  expect(await second.heard('keep:stopped')).toMatchObject({ peerId, reason: 'You hung up' })
  await second.port.stop()

  const third = watchNode(profile)
  await third.heard('listen:opened')
  expect(third.events.filter(({ type }) => type === 'keep:started')).toEqual([])
})

it('without a network too, of peers without an address as well, and dials nobody', async () => {
  const directory = await scratchDirectory()
  const profile = { ephemeral: false, dataDir: directory }
  const offline = { ...profile, offline: true }
  const first = watchNode(offline)
  await first.port.request('name', { peerId: STRANGER, name: 'Anna' })
  expect(await first.port.request('keep', { peerId: STRANGER, on: true })).toMatchObject({ kept: true })
  await first.port.stop()

  const second = watchNode(offline)
  await second.heard('node:started')
  expect(second.state().peers.get(STRANGER)).toMatchObject({
    name: 'Anna',
    presence: 'known',
    addresses: [],
    keep: { attempt: 0 },
  })
  expect(second.state().node.listening).toEqual([])
  const online = /^(dial|keep:tried|listen)/
  expect([...first.events, ...second.events].filter(({ type }) => online.test(type))).toEqual([])
  const failure = await failureOf(() => second.port.request('dial', { target: '/ip4/127.0.0.1/tcp/1' }))
  expect(failure.cause).toBe('The node is not running')
  await second.port.request('forget', { peerId: STRANGER })
  await second.port.stop()

  const third = watchNode(profile)
  await third.heard('listen:opened')
  expect(third.state().peers.size).toBe(0)
})
