import type { Libp2p } from '@libp2p/interface'
import { expect, it, onTestFinished } from 'vitest'
import { transportsOf } from '../../src/node/transports.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'

it('finds what this libp2p keeps private, and does not fall over one that has it elsewhere', async () => {
  const node = await startPeer()
  onTestFinished(() => stopPeers([node]))
  const transports = transportsOf(node)
  expect(transports?.getAddrs().map(String)).toHaveLength(1)
  expect(transports?.getListeners()).toHaveLength(1)
  expect(transports?.listen).toBeTypeOf('function')
  expect(transportsOf({} as Libp2p)).toBeUndefined()
})
