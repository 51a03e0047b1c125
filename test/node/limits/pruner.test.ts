import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { say } from '../../../src/core/safe-text.ts'
import { isNeeded } from '../../../src/node/limits/needed.ts'
import { Pruner } from '../../../src/node/limits/pruner.ts'
import { turns } from '../../support/peers/until.ts'
import { stateAfter } from '../../support/swarm-events.ts'

interface Made {
  id: string
  direction?: 'inbound' | 'outbound'
  openedAt?: number
  protocols?: string[]
}

/** Connections that are closed when they are asked to, each of another peer. */
async function pruning(most: number, made: readonly Made[], wanted: readonly string[] = []) {
  const closed: string[] = []
  const open = new Map<string, Connection>()
  const ids = new Map<string, string>()
  for (const { id, direction = 'inbound', openedAt = 0, protocols = [] } of made) {
    const remotePeer = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    ids.set(remotePeer.toString(), id)
    const connection = Object.assign(new EventTarget(), {
      id,
      direction,
      remotePeer,
      timeline: { open: openedAt },
      streams: protocols.map(protocol => ({ protocol })),
      close: async () => {
        closed.push(id)
        open.delete(id)
      },
    })
    open.set(id, connection as unknown as Connection)
  }
  const pruner = new Pruner({
    most,
    connections: () => open.values(),
    isWanted: peerId => wanted.includes(ids.get(peerId) ?? ''),
    closing: () => {},
  })
  pruner.opened(open.size)
  return closed
}

describe('pruning', () => {
  it('closes nothing while there is room', async () => {
    expect(await pruning(2, [{ id: 'a' }, { id: 'b' }])).toEqual([])
  })

  it('begins with idle connections of others, the newest first', async () => {
    const made: Made[] = [
      { id: 'ours', direction: 'outbound', openedAt: 1 },
      { id: 'busy', openedAt: 9, protocols: ['/ipfs/kad/1.0.0'] },
      { id: 'old', openedAt: 2, protocols: ['/ipfs/ping/1.0.0'] },
      { id: 'new', openedAt: 3, protocols: ['/ipfs/id/1.0.0'] },
    ]
    expect(await pruning(3, made)).toEqual(['new'])
    expect(await pruning(2, made)).toEqual(['new', 'old'])
    expect(await pruning(1, made)).toEqual(['new', 'old', 'ours'])
  })

  it('takes the oldest of our own, which was wanted longest ago', async () => {
    const made: Made[] = [3, 1, 2].map(openedAt => ({ id: `d${openedAt}`, direction: 'outbound', openedAt }))
    expect(await pruning(2, made)).toEqual(['d1'])
  })

  it('never closes one that is wanted, and then rather has too many', async () => {
    expect(await pruning(1, [{ id: 'a' }, { id: 'b' }, { id: 'c' }], ['a', 'c'])).toEqual(['b'])
  })
})

describe('one that was pruned', () => {
  it.each([
    ['has closed before', async () => {}],
    ['does not close in peace', () => Promise.reject(new Error('late'))],
  ])('is on its way out no more where it %s: the next ones are closed, too', async (_, close) => {
    const closed: string[] = []
    const connections = ['a', 'b', 'c'].map(
      (id, openedAt) =>
        ({
          id,
          direction: 'outbound',
          remotePeer: id,
          timeline: { open: openedAt },
          streams: [],
          abort: () => {},
          close: () => {
            closed.push(id)
            return close()
          },
        }) as unknown as Connection,
    )
    const open = () => connections.slice(closed.length)
    const pruner = new Pruner({ most: 1, connections: open, isWanted: () => false, closing: () => {} })
    pruner.opened(2)
    await turns(1)
    pruner.opened(2)
    expect(closed).toEqual(['a', 'b'])
  })
})

describe('a peer that is needed', () => {
  const peerId = say`alice`
  const heard: NewEvent = { type: 'peer:discovered', peerId, addresses: [], source: 'mdns' }
  it.each<[string, NewEvent]>([
    ['is named', { type: 'name:given', peerId, name: say`Alice` }],
    ['is kept', { type: 'keep:started', peerId }],
    ['is pinged', { type: 'ping:started', peerId, intervalMs: 1_000 }],
    ['is our relay', { type: 'relay:reserved', peerId, addresses: [], expiresAt: 1, renewed: false }],
    ['has us for a relay', { type: 'relay:granted', peerId, expiresAt: 1, renewed: false }],
  ])('%s', (_, event) => {
    expect(isNeeded(stateAfter(heard), peerId)).toBe(false)
    expect(isNeeded(stateAfter(heard, event), peerId)).toBe(true)
  })
})
