import { randomBytes } from 'node:crypto'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { expect, it, onTestFinished } from 'vitest'
import { createNode } from '../../src/node/create-node.ts'
import { MOST_OF_A_PEER } from '../../src/node/memory/bounded-book.ts'
import { openProfile } from '../../src/node/profile/profile.ts'
import { dhtService } from '../../src/node/routing/create-dht.ts'
import { RecordStore } from '../../src/node/routing/record-store.ts'
import { LogTap } from '../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../src/node/taps/traffic-tap.ts'
import { SharedPort } from '../../src/node/transport/shared-port.ts'
import { transportsOf } from '../../src/node/transports.ts'
import { TEST_DHT } from '../support/peers/dht-peers.ts'
import { addProvider, putValue } from '../support/peers/kad-messages.ts'
import { startPeer, stopPeers } from '../support/peers/peer.ts'
import { until } from '../support/peers/until.ts'
import { scratchDirectory } from '../support/scratch.ts'

const FLOOD = 600
const MOST = { entries: 100, bytes: 40_000 }

/** Counts what others want kept, and what that comes to. */
class WatchedRecords extends RecordStore {
  puts = 0
  largest = { entries: 0, bytes: 0 }

  override put(...[key, value]: Parameters<RecordStore['put']>) {
    this.puts += 1
    const kept = super.put(key, value)
    this.largest = {
      entries: Math.max(this.largest.entries, this.size),
      bytes: Math.max(this.largest.bytes, this.bytes),
    }
    return kept
  }
}

it('a flood of records and providers stays within bounds in memory, and leaves nothing on the disk but its sender', async () => {
  const profile = await openProfile({
    profile: 'default',
    ephemeral: false,
    dataDir: await scratchDirectory(),
  })
  onTestFinished(() => profile.close())
  const records = new WatchedRecords(MOST)
  const node = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: profile.datastore,
    logTap: new LogTap(),
    trafficTap: new TrafficTap({ streamOpened: () => [] }),
    sharedPort: new SharedPort(),
    dht: dhtService({ network: TEST_DHT, server: true }, records),
  })
  await node.start()
  await transportsOf(node)?.listen([multiaddr('/ip4/127.0.0.1/tcp/0')])
  const flooder = await startPeer()
  onTestFinished(() => stopPeers([flooder, node]))
  const stream = await flood(flooder, node)
  await until(() => records.puts === FLOOD * 2)
  // Whoever hears the end before the messages reads these no more.
  await stream.close()

  expect(records.largest.entries).toBeLessThanOrEqual(MOST.entries)
  expect(records.largest.bytes).toBeLessThanOrEqual(MOST.bytes)
  await until(() =>
    node.getConnections().every(({ streams }) => streams.every(({ protocol }) => protocol !== TEST_DHT)),
  )
  const { addresses } = await node.peerStore.get(flooder.peerId)
  expect(addresses).toHaveLength(MOST_OF_A_PEER.addresses)
  const kept: string[] = []
  for await (const key of profile.datastore?.queryKeys({}) ?? []) kept.push(key.toString())
  const peers = kept.filter(key => key.startsWith('/peers/'))
  expect(peers.sort()).toEqual([flooder, node].map(({ peerId }) => `/peers/${peerId.toCID()}`).sort())
  expect(kept.filter(key => key.includes('dht'))).toEqual([])
})

/** Wants values and providers kept, the latter at other addresses each time. */
async function flood(from: Libp2p, to: Libp2p): Promise<Stream> {
  const [address] = to.getMultiaddrs()
  if (address === undefined) throw new Error('it does not listen')
  const stream = await from.dialProtocol(address, TEST_DHT)
  // What it answers is of no interest, but has to be read.
  stream.addEventListener('message', () => {})
  for (let n = 0; n < FLOOD; n += 1) {
    const value = putValue(`/app/${n}`, randomBytes(200))
    const cid = CID.createV1(raw.code, await sha256.digest(randomBytes(8)))
    const provider = addProvider(cid.bytes, from.peerId, [
      multiaddr(`/ip4/11.0.0.1/tcp/${n + 1}`),
      multiaddr(`/ip4/11.0.0.2/tcp/${n + 1}`),
    ])
    for (const message of [value, provider]) if (!stream.send(message)) await stream.onDrain()
  }
  return stream
}
