/** A host whose connection was closed for exceeding a limit. */

import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import { safeText, say } from '../../src/core/safe-text.ts'
import { createNode } from '../../src/node/create-node.ts'
import { NodeLimits } from '../../src/node/limits/node-limits.ts'
import { DEFAULT_LIMITS } from '../../src/node/options.ts'
import { LogTap } from '../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../src/node/transport/shared-port.ts'
import { transportsOf } from '../../src/node/transports.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { addressOf, startPeer, stopPeers } from '../support/peers/peer.ts'
import { until } from '../support/peers/until.ts'

/** A node with its limits alone, so that a test can say who exceeds one. */
async function limitedNode() {
  const clock = new ManualClock()
  const events: NewEvent[] = []
  const trafficTap = new TrafficTap({ streamOpened: () => [] })
  const limits = new NodeLimits({
    clock,
    asked: DEFAULT_LIMITS,
    emit: event => events.push(event),
    rawOf: timeline => trafficTap.rawOf(timeline),
  })
  const libp2p = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: undefined,
    logTap: new LogTap(),
    trafficTap,
    sharedPort: new SharedPort(),
    limits: limits.most,
    door: limits.gate,
    gater: limits.gate,
  })
  await libp2p.start()
  await transportsOf(libp2p)?.listen([multiaddr('/ip4/127.0.0.1/tcp/0')])
  limits.start({
    libp2p,
    connections: () => libp2p.getConnections(),
    isWanted: () => false,
    closing: () => {},
    cutting: () => {},
  })
  onTestFinished(async () => {
    limits.stop()
    await libp2p.stop()
  })
  return { clock, events, limits, libp2p }
}

it('waits before it may come again, is refused by name with the time left, and may be dialed all the while', async () => {
  const { clock, events, limits, libp2p } = await limitedNode()
  const address = libp2p.getMultiaddrs()[0]
  if (address === undefined) throw new Error('does not listen')
  const offender = await startPeer({ from: '127.0.0.66' })
  const neighbour = await startPeer({ from: '127.0.0.67' })
  onTestFinished(() => stopPeers([offender, neighbour]))

  await offender.dial(address)
  await until(() => libp2p.getConnections().length === 1)
  const [connection] = libp2p.getConnections() as [Connection]
  limits.exceeded({
    limit: 'frames',
    action: 'closed',
    connectionId: safeText(connection.id),
    reason: say`Too many`,
  })
  connection.abort(new Error('too many'))
  expect(events.find(({ type }) => type === 'limit:exceeded')).toMatchObject({
    host: '127.0.0.66',
    peerId: offender.peerId.toString(),
  })

  await until(() => offender.getConnections().length === 0)

  clock.advance(5_000)
  await expect(offender.dial(address)).rejects.toThrow()
  const refused = events.find(event => event.type === 'connection:refused' && event.limit === 'coolDown')
  expect(refused).toHaveProperty('reason', expect.stringContaining('it comes back in 25 s'))
  // Who lives next door is not punished for it.
  await neighbour.dial(address)
  // We may dial whom we like.
  await libp2p.dial(addressOf(offender))

  clock.advance(25_000)
  await offender.dial(address, { force: true })
})
