import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import type { NewEvent } from '../../../src/core/events.ts'
import { safeText } from '../../../src/core/safe-text.ts'
import { createNode } from '../../../src/node/create-node.ts'
import { AddressFailures } from '../../../src/node/dial/address-failures.ts'
import { Dialer } from '../../../src/node/dial/dialer.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { startPeer, stopPeers } from '../../support/peers/peer.ts'
import { freePort } from '../../support/peers/servers.ts'

/** A node of ours that dials, and what its dials say. */
async function dialing() {
  const logTap = new LogTap()
  const libp2p = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: undefined,
    logTap,
    trafficTap: new TrafficTap({ streamOpened: () => [] }),
    sharedPort: new SharedPort(),
  })
  await libp2p.start()
  onTestFinished(() => libp2p.stop())
  const events: NewEvent[] = []
  const dialer = new Dialer({
    libp2p,
    clock: systemClock,
    failures: new AddressFailures(logTap),
    emit: event => events.push(event),
  })
  const dial = (target: string) =>
    dialer.dial(target, { signal: new AbortController().signal, requestId: safeText('d1') })
  return { libp2p, dial, events }
}

it('says which address won, why those before it failed, and which were not tried', async () => {
  const { libp2p, dial, events } = await dialing()
  const peer = await startPeer({ listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0'] })
  onTestFinished(() => stopPeers([peer]))
  const id = peer.peerId.toString()
  const dead = `/ip4/127.0.0.2/tcp/${await freePort()}/p2p/${id}`
  const live = peer.getMultiaddrs().map(String)
  await libp2p.peerStore.merge(peer.peerId, { multiaddrs: [dead, ...live].map(text => multiaddr(text)) })
  const { address, others = [] } = await dial(id)
  expect(live).toContain(address)
  expect([address, ...others.map(other => other.address)].sort()).toEqual([dead, ...live].sort())
  const failed = others.filter(({ cause }) => cause !== undefined)
  // libp2p chooses the order: whatever it tried before the winner must be the dead one, with its cause.
  const attempted = events.flatMap(event =>
    event.type === 'dial:progressed' && event.stage === 'connect' ? [event.detail] : [],
  )
  expect(failed.map(other => other.address)).toEqual(attempted.slice(0, -1))
  for (const { cause } of failed) expect(cause).toMatch(/^Nothing listens at 127\.0\.0\.2/)
  expect(events.at(-1)).toMatchObject({ type: 'dial:succeeded', others })
})

it('says nothing of others where there was one address, or a connection already', async () => {
  const { dial } = await dialing()
  const peer = await startPeer()
  onTestFinished(() => stopPeers([peer]))
  const target = String(peer.getMultiaddrs()[0])
  expect(await dial(target)).not.toHaveProperty('others')
  expect(await dial(target)).not.toHaveProperty('others')
})
