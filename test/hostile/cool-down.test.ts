/** A host whose connection was closed for exceeding a limit. */

import type { Connection } from '@libp2p/interface'
import { expect, it, onTestFinished } from 'vitest'
import { safeText, say } from '../../src/core/safe-text.ts'
import { limitedNode } from '../support/limited-node.ts'
import { addressOf, startPeer, stopPeers } from '../support/peers/peer.ts'
import { until } from '../support/peers/until.ts'

it('waits before it may come again, is refused by name with the time left, and may be dialed all the while', async () => {
  const { clock, events, limits, libp2p, address } = await limitedNode()
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
  expect(refused).toHaveProperty('reason', expect.stringContaining('is refused for another 25 s'))
  // Who lives next door is not punished for it.
  await neighbour.dial(address)
  // We may dial whom we like.
  await libp2p.dial(addressOf(offender))

  clock.advance(25_000)
  await offender.dial(address, { force: true })
})
