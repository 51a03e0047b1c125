import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Stream } from '@libp2p/interface'
import { expect, it, onTestFinished } from 'vitest'
import { createNode } from '../../../src/node/create-node.ts'
import { connectionIdIn, LogTap, nameOf } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { until } from '../../support/peers/until.ts'

it.each([false, true])(
  'streams have a logger that is named after their connection (TLS: %s)',
  async tlsOnly => {
    const streams: Stream[] = []
    const logTap = new LogTap()
    const trafficTap = new TrafficTap({
      streamOpened: stream => {
        streams.push(stream)
        return []
      },
    })
    const privateKey = await generateKeyPair('Ed25519')
    const sharedPort = new SharedPort()
    const node = await createNode({ privateKey, datastore: undefined, logTap, trafficTap, sharedPort })
    await node.start()
    const peer = await startPeer({ tlsOnly })
    onTestFinished(() => stopPeers([peer, node]))
    const { id } = await node.dial(addressOf(peer))
    // Identify, asked by each side.
    await until(() => new Set(streams.map(({ direction }) => direction)).size === 2)
    expect(new Set(streams.map(({ log }) => connectionIdIn(nameOf(log))))).toEqual(new Set([id]))
  },
)

it('other loggers have no connection in their name', () => {
  const log = new LogTap().logger.forComponent('libp2p:tcp:listener')
  expect(connectionIdIn(nameOf(log))).toBeUndefined()
})
