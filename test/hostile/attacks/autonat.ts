import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as passed } from 'node:timers/promises'
import { multiaddr } from '@multiformats/multiaddr'
import { startPeer } from '../../support/peers/peer.ts'
import { field, varint } from '../../support/peers/protobuf.ts'
import type { Attack } from './harness/attack.ts'
import { finding } from './harness/finding.ts'
import { attacker } from './harness/hosts.ts'

const DIAL_REQUEST = '/libp2p/autonat/2/dial-request'
const REQUESTS = 16
const ADDRESSES = 8
const AFTER_MS = 3_000
const ANSWER_MS = 4_000
/** A nonce is a fixed64, field 2. */
const NONCE = Uint8Array.of(0x11, 1, 2, 3, 4, 5, 6, 7, 8)

/** Whoever asks names addresses, and the server dials one of them (autonat-v2.md). */
export const manyDialBacks: Attack = {
  title: `AutoNAT: ${REQUESTS} requests that name ${ADDRESSES} addresses each`,
  short: true,
  async measure(stage) {
    const victim = await stage.victim({ args: ['--autonat-server'] })
    let dials = 0
    const servers = Array.from({ length: ADDRESSES }, () =>
      createServer(socket => {
        dials += 1
        socket.on('error', () => {}).destroy()
      }).listen(0, attacker()),
    )
    await Promise.all(servers.map(server => once(server, 'listening')))
    const addresses = servers.map(server =>
      field(1, multiaddr(`/ip4/${attacker()}/tcp/${(server.address() as AddressInfo).port}`).bytes),
    )
    const request = field(1, Buffer.concat([...addresses, NONCE]))
    const message = Buffer.concat([varint(request.length), request])

    const peer = await startPeer({ listen: [], from: attacker() })
    const connection = await peer.dial(multiaddr(victim.addresses()[0]))
    for (let n = 0; n < REQUESTS; n += 1) {
      const signal = AbortSignal.timeout(ANSWER_MS)
      try {
        const stream = await connection.newStream(DIAL_REQUEST, { signal })
        const over = once(stream, 'remoteCloseWrite', { signal })
        over.catch(() => {})
        stream.addEventListener('message', () => {})
        stream.send(message)
        await over
        await stream.close({ signal })
      } catch {
        // Refused, or silent: the next one.
      }
    }
    await passed(AFTER_MS)
    return [finding(this.title, 'dials', dials, 'one for each request, at most', REQUESTS)]
  },
}
