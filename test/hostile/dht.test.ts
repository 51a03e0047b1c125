import { randomBytes } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNode } from '../../src/node/create-node.ts'
import { dhtService } from '../../src/node/routing/create-dht.ts'
import { RecordStore } from '../../src/node/routing/record-store.ts'
import { DHT_BOUNDS } from '../../src/node/serving/bounds.ts'
import { LogTap } from '../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../src/node/transport/shared-port.ts'
import { transportsOf } from '../../src/node/transports.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { TEST_DHT } from '../support/peers/dht-peers.ts'
import { addProvider, getProviders, getValue, pingMessage, putValue } from '../support/peers/kad-messages.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import { until } from '../support/peers/until.ts'
import { watchNode } from '../support/watched-node.ts'

const MOST = { entries: 100, providers: 10 }

/** A server of ours with room for little, and where it listens. */
async function startServer() {
  const records = new RecordStore(MOST)
  const node = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: undefined,
    logTap: new LogTap(),
    trafficTap: new TrafficTap({ streamOpened: () => [] }),
    sharedPort: new SharedPort(),
    dht: dhtService({ network: TEST_DHT, server: true }, records),
  })
  await node.start()
  onTestFinished(() => stopPeers([node]))
  await transportsOf(node)?.listen([multiaddr('/ip4/127.0.0.1/tcp/0')])
  return { node, records, address: String(node.getMultiaddrs()[0]) }
}

/** A peer on a host of its own that asks a server whatever the test wants. */
async function asker(from: string, address: string) {
  const peer = await startPeer({ listen: [], from })
  onTestFinished(() => stopPeers([peer]))
  const stream = await peer.dialProtocol(multiaddr(address), TEST_DHT)
  let answers = Buffer.alloc(0)
  stream.addEventListener('message', ({ data }) => {
    answers = Buffer.concat([answers, data.subarray()])
  })
  const ask = async (...messages: Uint8Array[]): Promise<void> => {
    for (const message of messages) if (!stream.send(message)) await stream.onDrain()
  }
  return { peer, stream, ask, heard: (bytes: Uint8Array) => answers.includes(Buffer.from(bytes)) }
}

const cidOf = async (what: Uint8Array) => CID.createV1(raw.code, await sha256.digest(what))
const isOver = (stream: Stream): boolean => stream.status !== 'open'
const somewhere = (port: number) => [multiaddr(`/ip4/11.0.0.1/tcp/${port}`)]

describe('a flood of records from one host', () => {
  it('leaves those of others where they are, and there is room for more of them', async () => {
    const { records, address } = await startServer()
    const early = await asker('127.0.0.2', address)
    const value = randomBytes(64)
    await early.ask(putValue('/app/early', value))
    await until(() => records.size === 1)

    const flooder = await asker('127.0.0.66', address)
    for (let n = 0; n < 400; n += 1) await flooder.ask(putValue(`/app/${n}`, randomBytes(100)))
    const last = randomBytes(64)
    await flooder.ask(putValue('/app/last', last))
    await until(() => flooder.heard(last))
    expect(records.size).toBe(MOST.entries)

    const late = await asker('127.0.0.3', address)
    const other = randomBytes(64)
    await late.ask(putValue('/app/late', other))
    await until(() => late.heard(other))
    const reader = await asker('127.0.0.4', address)
    await reader.ask(getValue('/app/early'), getValue('/app/late'))
    await until(() => reader.heard(value) && reader.heard(other))
  })

  it('names the providers of others, however many it makes up for the same key', async () => {
    const { records, address } = await startServer()
    const { bytes } = await cidOf(randomBytes(8))
    const honest = await asker('127.0.0.2', address)
    await honest.ask(addProvider(bytes, honest.peer.peerId, somewhere(1)))
    await until(() => records.size === 1)
    for (let n = 0; n < MOST.providers + 5; n += 1) {
      const sybil = await asker('127.0.0.66', address)
      await sybil.ask(addProvider(bytes, sybil.peer.peerId, somewhere(n + 2)), pingMessage())
      await until(() => sybil.heard(pingMessage()))
    }
    expect(records.size).toBe(MOST.providers)
    const reader = await asker('127.0.0.4', address)
    await reader.ask(getProviders(bytes))
    await until(() => reader.heard(honest.peer.peerId.toMultihash().bytes))
  })
})

it('the providers of a key are named also when one of them has been forgotten', async () => {
  const { node, records, address } = await startServer()
  const { bytes } = await cidOf(randomBytes(8))
  const [one, two] = [await asker('127.0.0.2', address), await asker('127.0.0.3', address)]
  for (const { ask, peer } of [one, two]) await ask(addProvider(bytes, peer.peerId, somewhere(1)))
  await until(() => records.size === 2)
  await stopPeers([one.peer])
  await until(() => node.getConnections(one.peer.peerId).length === 0)
  await node.peerStore.delete(one.peer.peerId)
  const reader = await asker('127.0.0.4', address)
  await reader.ask(getProviders(bytes))
  await until(() => reader.heard(two.peer.peerId.toMultihash().bytes))
})

it('one host cannot ask a server without end: it is told, and others are answered', async () => {
  const node = watchNode({ dht: { network: TEST_DHT, server: true } }, new ManualClock(Date.now()))
  const address = await node.address()
  const flooder = await asker('127.0.0.66', address)
  const { burst } = DHT_BOUNDS.requests
  for (let n = 0; n <= burst && !isOver(flooder.stream); n += 1) await flooder.ask(pingMessage())
  await until(() => isOver(flooder.stream))
  const told = await node.heard('limit:exceeded', ({ limit }) => limit === 'requests')
  expect(told).toMatchObject({ action: 'refused', host: '127.0.0.66', protocol: TEST_DHT })

  const honest = await asker('127.0.0.2', address)
  await honest.ask(pingMessage())
  await until(() => honest.heard(pingMessage()))
})

it('one host cannot send a server more than it reads of one', async () => {
  const node = watchNode({ dht: { network: TEST_DHT, server: true } }, new ManualClock(Date.now()))
  const address = await node.address()
  const flooder = await startPeer({ listen: [], from: '127.0.0.66' })
  onTestFinished(() => stopPeers([flooder]))
  const stream = await flooder.dialProtocol(multiaddr(address), TEST_DHT)
  stream.addEventListener('message', () => {})
  const most = DHT_BOUNDS.hostBytes?.burst ?? 0
  // Each of them is fine.
  const message = pingMessage(new Uint8Array(60_000))
  for (let sent = 0; sent <= most && !isOver(stream); sent += message.length) {
    if (!stream.send(message)) await stream.onDrain().catch(() => undefined)
  }
  await until(() => isOver(stream))
  await node.heard('limit:exceeded', ({ limit, host }) => limit === 'bytes' && host === '127.0.0.66')
})
