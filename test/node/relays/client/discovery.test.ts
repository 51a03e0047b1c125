import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../../src/core/clock.ts'
import { RelayClient } from '../../../../src/node/relays/client/relay-client.ts'
import { LogTap } from '../../../../src/node/taps/log-tap.ts'
import { startPeer, stopPeers } from '../../../support/peers/peer.ts'

it('leaves it to a person which relays are asked', async () => {
  const libp2p = await startPeer()
  const client = await RelayClient.start({
    libp2p,
    clock: systemClock,
    logTap: new LogTap(),
    emit: () => {},
    dial: () => Promise.reject(new Error('nobody is dialed')),
    agentOf: () => undefined,
    exceeded: () => {},
    lost: () => {},
  })
  onTestFinished(async () => {
    await client.stop()
    await stopPeers([libp2p])
  })
  const { registrar } = (libp2p as never as { components: { registrar: Registrar } }).components
  expect(registrar.getProtocols()).toContain('/libp2p/circuit/relay/0.2.0/stop')
  // What libp2p would be told of relays by.
  expect(registrar.getTopologies('/libp2p/circuit/relay/0.2.0/hop')).toEqual([])
})

interface Registrar {
  getProtocols(): string[]
  getTopologies(protocol: string): unknown[]
}
