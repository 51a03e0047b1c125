import { multiaddr } from '@multiformats/multiaddr'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openProfile } from '../../../src/node/profile/profile.ts'
import { PATIENCE_MS } from '../../support/patience.ts'
import { startPeer, stopPeers } from '../../support/peers/peer.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { watchNode } from '../../support/watched-node.ts'

describe('a crowd', () => {
  it('of 200 inbound connections from one host is taken in, and the operator still gets through', async () => {
    const node = watchNode()
    const address = multiaddr(await node.address())
    const guests = await Promise.all(Array.from({ length: 20 }, () => startPeer({ identify: false })))
    onTestFinished(() => stopPeers(guests))
    // One after the other from each guest: dials to one target that run at once are joined.
    const visits = guests.map(async guest => {
      for (let n = 0; n < 10; n += 1) await guest.dial(address, { force: true })
    })
    await Promise.all(visits)
    const friend = await startPeer()
    onTestFinished(() => stopPeers([friend]))
    const target = friend.getMultiaddrs()[0]?.toString() ?? ''
    await node.port.request('dial', { target })
    expect((await node.port.request('ping', { peerId: friend.peerId.toString() })).rttMs).toBeGreaterThan(0)
    // Many at once are told a moment later.
    await expect.poll(() => node.state().connections.size, { timeout: PATIENCE_MS }).toBe(201)
    expect(node.events.filter(({ type }) => type === 'connection:refused')).toEqual([])
  })
})

describe('peers known from before', () => {
  it('are told of at the next start, with the addresses they had', async () => {
    const dataDir = await scratchDirectory()
    const friend = await startPeer()
    onTestFinished(() => stopPeers([friend]))
    const target = friend.getMultiaddrs()[0]?.toString() ?? ''
    const first = watchNode({ ephemeral: false, dataDir })
    await first.port.request('dial', { target })
    await first.heard('peer:identified')
    await first.port.stop()

    const second = watchNode({ ephemeral: false, dataDir })
    const known = await second.heard('peer:discovered')
    expect(known).toMatchObject({ source: 'known', peerId: friend.peerId.toString() })
    expect(known.addresses.length).toBeGreaterThan(0)
    expect(await second.peerId()).toBe(await first.peerId())
    const { existing } = await second.port.request('dial', { target: friend.peerId.toString() })
    expect(existing).toBe(false)
  })
})

describe('a peer that came once, and that nobody can dial', () => {
  it('is forgotten with the run, and does not fill the address book', async () => {
    const dataDir = await scratchDirectory()
    const guest = await startPeer({ listen: [] })
    onTestFinished(() => stopPeers([guest]))
    const first = watchNode({ ephemeral: false, dataDir })
    await guest.dial(multiaddr(await first.address()))
    await first.heard('peer:identified')
    await first.port.stop()

    const second = watchNode({ ephemeral: false, dataDir })
    await second.heard('listen:opened')
    expect(second.events.filter(({ type }) => type === 'peer:discovered')).toEqual([])
    await second.port.stop()
    const { datastore, close } = await openProfile({ profile: 'default', ephemeral: false, dataDir })
    const keys: string[] = []
    for await (const key of datastore?.queryKeys({ prefix: '/peers' }) ?? []) keys.push(key.toString())
    await close()
    // Our own entry is there, and no other.
    expect(keys).not.toContain(`/peers/${guest.peerId.toCID()}`)
    expect(keys).toHaveLength(1)
  })
})

describe('a second copy on the same profile', () => {
  it('goes on with an identity of its own, and says so', async () => {
    const dataDir = await scratchDirectory()
    const first = watchNode({ ephemeral: false, dataDir })
    const firstId = await first.peerId()
    const second = watchNode({ ephemeral: false, dataDir })
    const warning = await second.heard('warning:raised', ({ topic }) => topic === 'identity')
    expect(warning.cause).toContain('Another copy')
    expect(await second.peerId()).not.toBe(firstId)
    expect((await second.heard('node:started')).profile).toBeUndefined()
  })
})
