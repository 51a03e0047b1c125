import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { onTestFinished } from 'vitest'
import type { NewEvent } from '../../src/core/events.ts'
import type { Limits } from '../../src/core/limit-terms.ts'
import { createNode } from '../../src/node/create-node.ts'
import { NodeLimits } from '../../src/node/limits/node-limits.ts'
import { DEFAULT_LIMITS } from '../../src/node/options.ts'
import { LogTap } from '../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../src/node/transport/shared-port.ts'
import { transportsOf } from '../../src/node/transports.ts'
import { ManualClock } from './manual-clock.ts'

/** What a node is limited by. */
export interface LimitedNodeOptions {
  /** Beside those of {@link DEFAULT_LIMITS}. */
  limits?: Partial<Limits>
  /** Bytes. @default what this process may use */
  memory?: number
}

/** A node that listens on loopback and has its limits alone: nothing tells of connections but `limits` itself. */
export async function limitedNode({ limits: asked = {}, memory }: LimitedNodeOptions = {}) {
  const clock = new ManualClock()
  const events: NewEvent[] = []
  /** Why connections were closed, in the order in which they were. */
  const cut: string[] = []
  const trafficTap = new TrafficTap({ streamOpened: () => [] })
  const limits = new NodeLimits({
    clock,
    asked: { ...DEFAULT_LIMITS, ...asked },
    emit: event => events.push(event),
    rawOf: timeline => trafficTap.rawOf(timeline),
    ...(memory !== undefined && { memory }),
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
    cutting: (connection, reason) => cut.push(`${connection.id}: ${reason}`),
  })
  onTestFinished(async () => {
    limits.stop()
    await libp2p.stop()
  })
  const [address] = libp2p.getMultiaddrs()
  if (address === undefined) throw new Error('it does not listen')
  return { clock, events, cut, limits, libp2p, address }
}
