import { multiaddr } from '@multiformats/multiaddr'
import { expect, it, onTestFinished, vi } from 'vitest'
import { AgeKeeper } from '../../src/node/profile/age-keeper.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import { until } from '../support/peers/until.ts'
import { watchNode } from '../support/watched-node.ts'

it('hangs up and says that it stopped, also where a part of it cannot end', async () => {
  const fault = vi.spyOn(AgeKeeper.prototype, 'stop').mockRejectedValue(new Error('no room on the disk'))
  onTestFinished(() => fault.mockRestore())
  const node = watchNode()
  const peer = await startPeer({ listen: [] })
  onTestFinished(() => stopPeers([peer]))
  await peer.dial(multiaddr(await node.address()))

  await node.port.stop()
  await node.heard('node:stopped')
  await until(() => peer.getConnections().length === 0)
  expect(await node.port.ended).toMatchObject({
    how: 'failed',
    failure: { cause: expect.stringMatching(/no room on the disk/) },
  })
})
