import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout as passed } from 'node:timers/promises'
import { multiaddr } from '@multiformats/multiaddr'
import { TEST_DHT } from '../../support/peers/dht-peers.ts'
import { addProvider, putValue } from '../../support/peers/kad-messages.ts'
import { startPeer } from '../../support/peers/peer.ts'
import { field, varint } from '../../support/peers/protobuf.ts'
import type { Attack } from './harness/attack.ts'
import { finding } from './harness/finding.ts'
import { flood } from './harness/flood.ts'
import { attacker } from './harness/hosts.ts'
import { endOf } from './harness/while.ts'

const PORTS = 10
const NAMED = 50
const ASKED_MS = 8_000
/** @see https://github.com/libp2p/specs/blob/master/kad-dht/README.md#rpc-messages */
const FIND_NODE = Uint8Array.of(0x08, 4)
const [CLOSER_PEERS, ID, ADDRESSES] = [8, 1, 2]

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** Nobody in particular, as a multihash. */
const somebody = () => Buffer.concat([Buffer.of(0x12, 32), hash(randomBytes(8))])

/** A stranger who answers with peers at addresses of the program's own machine and network. */
export const loopbackAnswers: Attack = {
  title: 'DHT: answers that name loopback and private addresses',
  short: true,
  async measure(stage) {
    const servers = Array.from({ length: PORTS }, () => createServer(socket => socket.destroy()))
    let connections = 0
    for (const server of servers) {
      server.on('connection', () => {
        connections += 1
      })
      server.listen(0, '127.0.0.3')
    }
    await Promise.all(servers.map(server => once(server, 'listening')))
    const ports = servers.map(server => (server.address() as AddressInfo).port)
    const named = Array.from({ length: NAMED }, (_, index) => [
      multiaddr(`/ip4/127.0.0.3/tcp/${ports[index % PORTS]}`).bytes,
      multiaddr(`/ip4/192.168.1.${index + 1}/tcp/22`).bytes,
    ])

    const victim = await stage.victim({ args: ['--dht', TEST_DHT] })
    const port = await freePort(attacker())
    const stranger = await startPeer({ from: attacker(), listen: [`/ip4/${attacker()}/tcp/${port}`] })
    await stranger.handle(TEST_DHT, stream => {
      stream.addEventListener('message', () => {
        const peers = named.map(addresses =>
          field(
            CLOSER_PEERS,
            Buffer.concat([field(ID, somebody()), ...addresses.map(bytes => field(ADDRESSES, bytes))]),
          ),
        )
        const answer = Buffer.concat([FIND_NODE, ...peers])
        stream.send(Buffer.concat([varint(answer.length), answer]))
      })
    })
    victim.type(`dial /ip4/${attacker()}/tcp/${port}/p2p/${stranger.peerId}`)
    await victim.until(() => victim.told('dial:succeeded').length > 0, ASKED_MS)
    await passed(1_000)
    for (const key of ['one', 'two', 'three']) victim.type(`closest ${key}`)
    await passed(ASKED_MS)
    return [finding(this.title, 'connections to loopback', connections, `${NAMED} peers in each answer`)]
  },
}

/** Values and providers to keep, new ones each time, and nothing that is ever asked for. */
export const storeFlood = flood({
  title: 'DHT: values and providers without end',
  short: false,
  victim: { args: ['--dht', TEST_DHT, '--dht-server'] },
  async attack({ addresses: [address = ''], forMs }, begun) {
    const peer = await startPeer({ listen: [], from: attacker() })
    const stream = await peer.dialProtocol(multiaddr(address), TEST_DHT)
    stream.addEventListener('message', () => {})
    begun()
    const { over, wait } = endOf(forMs)
    let bytes = 0
    for (let n = 0; !over() && stream.status === 'open'; n += 1) {
      const key = Buffer.concat([Buffer.of(0x01, 0x55), somebody()])
      const messages = [
        putValue(`/app/${n}`, randomBytes(8_000)),
        addProvider(key, peer.peerId, [multiaddr(`/ip4/${attacker()}/tcp/${(n % 60_000) + 1}`)]),
      ]
      for (const message of messages) {
        bytes += message.length
        stream.send(message)
      }
      while (stream.writeBufferLength > 2 ** 17 && stream.status === 'open' && !over()) await passed(2)
    }
    await wait()
    return { bytes }
  },
  holds: {
    cpuShare: 50,
    growthMb: 80,
    dials: 3,
    turnedAway: 5,
    gapMs: 500,
    recoveryMs: 1000,
    descriptors: 2,
    told: false,
  },
})

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
