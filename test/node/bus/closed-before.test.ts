/** Connections and streams that libp2p hands over when they have closed already. */
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, it } from 'vitest'
import type { NewEvent } from '../../../src/core/events.ts'
import type { BusContext } from '../../../src/node/bus/bus-context.ts'
import { Connections } from '../../../src/node/bus/connections.ts'
import { SafeListeners } from '../../../src/node/bus/listening.ts'
import { streamOpened } from '../../../src/node/bus/streams.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { Meter } from '../../../src/node/traffic/meter.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { ANNA } from '../../support/swarms.ts'

/** What watches a node, and what it tells. */
function bus() {
  const libp2p = new EventTarget() as unknown as Libp2p
  const events: NewEvent[] = []
  const changes: boolean[] = []
  const context: BusContext = { libp2p, clock: new ManualClock(), emit: event => events.push(event) }
  const listeners = new SafeListeners(libp2p, error => {
    throw error
  })
  const trafficTap = new TrafficTap({ streamOpened: () => [] })
  const meter = new Meter(trafficTap.total)
  const connections = new Connections({
    ...context,
    listeners,
    trafficTap,
    meter,
    agentOf: () => undefined,
    changed: (_, open) => changes.push(open),
  })
  /** Has libp2p tell of a connection. */
  const tell = (status: string, streams: Stream[] = []): void => {
    const detail = Object.assign(new EventTarget(), {
      id: 'c1',
      status,
      streams,
      direct: true,
      direction: 'inbound',
      remotePeer: ANNA,
      remoteAddr: multiaddr('/ip4/192.0.2.1/tcp/1'),
      timeline: { open: 0 },
    }) as unknown as Connection
    libp2p.dispatchEvent(new CustomEvent('connection:open', { detail }) as never)
  }
  const opened = (stream: Stream) =>
    streamOpened(stream, { ...context, listeners, connections, meter, trafficTap })
  return { events, changes, connections, meter, tell, opened }
}

it.each(['closed', 'aborted', 'reset'])(
  'a connection that is %s already is told as closed, and not kept',
  status => {
    const { events, changes, connections, meter, tell } = bus()
    tell(status)
    expect(events.map(({ type }) => type)).toEqual(['connection:opened', 'connection:closed'])
    expect(changes).toEqual([true, false])
    expect([...connections.all()]).toEqual([])
    expect(connections.byId('c1')).toBeUndefined()
    expect(meter.sample(1_000)).toBeUndefined()
  },
)

it('a stream that has closed already is told as closed, and not measured any more', async () => {
  const { events, meter, tell, opened } = bus()
  const [, stream] = await streamPair()
  tell('open', [stream])
  stream.abort(new Error('changed my mind'))
  const observers = opened(stream)
  expect(events.slice(1)).toMatchObject([
    { type: 'stream:opened', connectionId: 'c1' },
    { type: 'stream:closed', connectionId: 'c1', bytesIn: 0, bytesOut: 0 },
  ])
  for (const observer of observers) observer.received?.(32, new Uint8Array(32))
  expect(meter.streams.sample(1_000)).toEqual([])
})
