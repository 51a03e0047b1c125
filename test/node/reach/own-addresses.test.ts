import { expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import { type SafeText, safeText } from '../../../src/core/safe-text.ts'
import { OwnAddresses } from '../../../src/node/reach/own-addresses.ts'
import { reduceSwarm } from '../../../src/store/swarm/reduce.ts'
import { EMPTY_SWARM } from '../../../src/store/swarm/state.ts'

const OWN = safeText('/ip4/10.0.0.2/tcp/4001')

/** A node that listens in a private network, and what it makes of what it hears. */
function node() {
  let state = EMPTY_SWARM
  let reads = 0
  let seq = 0
  const told: NewEvent[] = []
  const apply = (event: NewEvent): void => {
    state = reduceSwarm(state, { v: 1, time: 0, seq: ++seq, ...event } as never)
  }
  const emit = (event: NewEvent): void => {
    told.push(event)
    apply(event)
  }
  const read = () => {
    reads += 1
    return state
  }
  const own = new OwnAddresses({ emit, state: read, announced: [] })
  const hear = (event: NewEvent): void => {
    apply(event)
    own.heard(event)
  }
  hear({ type: 'node:started', peerId: safeText('me'), agentVersion: safeText('x') })
  hear({ type: 'listen:opened', address: OWN })
  const connect = (n: number): void => {
    hear({
      type: 'connection:opened',
      ...ids(n),
      address: safeText(`/ip4/11.0.1.${n % 250}/tcp/1`),
      direction: 'outbound',
      transport: safeText('tcp'),
      encryption: safeText('/noise'),
      muxer: safeText('/yamux/1.0.0'),
    })
  }
  const identify = (n: number, seenAt: string): void => {
    const [addresses, protocols]: SafeText[][] = [[], []]
    const observedAddress = safeText(seenAt)
    hear({
      type: 'peer:identified',
      ...ids(n),
      addresses: addresses ?? [],
      protocols: protocols ?? [],
      observedAddress,
    })
  }
  const close = (n: number): void => {
    const use = { durationMs: 1, bytesIn: 0, bytesOut: 0 }
    hear({ type: 'connection:closed', ...ids(n), reason: safeText('x'), ...use })
  }
  return { told, connect, identify, close, state: () => state, reads: () => reads }
}

const ids = (n: number) => ({ peerId: safeText(`peer${n}`), connectionId: safeText(`c${n}`) })

it('what peers in our own network and through relays see is nothing, and costs nothing', () => {
  const { told, connect, identify, close } = node()
  const inside = [
    '/ip4/10.0.0.2/tcp/1',
    '/ip4/100.64.0.3/tcp/1',
    '/ip4/11.0.0.3/tcp/1/p2p/r/p2p-circuit',
    'x',
  ]
  inside.forEach((seenAt, n) => {
    connect(n)
    identify(n, seenAt)
    close(n)
  })
  expect(told).toEqual([])
})

it('a peer that tells the same again and again is heard once', () => {
  const { told, connect, identify, reads } = node()
  connect(1)
  identify(1, '/ip4/11.0.0.1/tcp/50123')
  const before = reads()
  for (let n = 0; n < 100; n += 1) identify(1, '/ip4/11.0.0.1/tcp/50123')
  expect(told.filter(({ type }) => type === 'address:learned')).toHaveLength(1)
  // Its connection is looked up, and nothing is made out anew.
  expect(reads() - before).toBe(100)
  identify(1, '/ip4/10.0.0.2/tcp/1')
  expect(told.at(-1)).toMatchObject({ type: 'address:lost', address: '/ip4/11.0.0.1/tcp/4001' })
})

it('of a crowd that sees us at one place some are named, and the place stays until the last has left', () => {
  const { told, connect, identify, close, state } = node()
  for (let n = 0; n < 300; n += 1) {
    connect(n)
    identify(n, '/ip4/11.0.0.1/tcp/50123')
  }
  expect(told.map(({ type }) => type)).toEqual(Array(8).fill('address:learned'))
  for (let n = 0; n < 299; n += 1) close(n)
  expect([...state().ownAddresses.keys()]).toEqual(['/ip4/11.0.0.1/tcp/4001'])
  close(299)
  expect(state().ownAddresses.size).toBe(0)
})
