import { expect, it } from 'vitest'
import { DEFAULT_RELAY_SERVER } from '../../../src/node/options.ts'
import { until } from '../../support/peers/until.ts'
import { watchNode } from '../../support/watched-node.ts'

it('counts what goes through a relay once in all bytes, on the connection to the relay', async () => {
  const relay = watchNode({ relayServer: DEFAULT_RELAY_SERVER })
  const holder = watchNode({ listen: [] })
  const dialer = watchNode({ listen: [] })
  const { addresses } = await holder.port.request('reserve', { relay: await relay.address() })
  const { peerId } = await dialer.port.request('dial', { target: String(addresses[0]) })
  for (let pings = 0; pings < 3; pings += 1) await dialer.port.request('ping', { peerId })

  const connection = (relayed: boolean) =>
    [...dialer.state().connections.values()].find(one => (one.relayed ?? false) === relayed)
  // Three pings there and back, and what wraps them.
  await until(() => (connection(true)?.bytesIn ?? 0) > 96 && (connection(true)?.bytesOut ?? 0) > 96)
  const { traffic } = dialer.state()
  const wire = connection(false)
  expect([traffic.bytesIn, traffic.bytesOut]).toEqual([wire?.bytesIn, wire?.bytesOut])
})
