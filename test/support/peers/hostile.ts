import { publicKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Libp2p, Stream } from '@libp2p/interface'
import { BROKEN_UTF8, HOSTILE_TEXTS } from '../hostile-text.ts'
import { startPeer } from './peer.ts'
import { field, varint } from './protobuf.ts'

const IDENTIFY_PROTOCOL = '/ipfs/id/1.0.0'
/** Longer messages are not read by anyone. */
const LONGEST_MESSAGE = 8192

/** Field numbers of the message (specs: identify/README.md). */
const FIELD = { publicKey: 1, address: 2, protocol: 3, protocolVersion: 5, agentVersion: 6 } as const
/** Multicodec of the part of a multiaddr that holds a name, and of the port behind it. */
const [DNS4, TCP] = [54, 6]

/**
 * Peers that say of themselves what nobody should print. Each has another hostile text for an agent version, and all of
 * them for its protocols and addresses. They answer pings.
 */
export function startHostiles(): Promise<Libp2p[]> {
  return Promise.all(TEXTS.map(startHostile))
}

const TEXTS = [...Object.values(HOSTILE_TEXTS).map(text => Buffer.from(text)), Buffer.from(BROKEN_UTF8)]

async function startHostile(agentVersion: Uint8Array): Promise<Libp2p> {
  const peer = await startPeer({ identify: false })
  const { publicKey } = peer.peerId
  if (publicKey === undefined) throw new Error('a peer without a key')
  const self = [
    field(FIELD.publicKey, publicKeyToProtobuf(publicKey)),
    field(FIELD.agentVersion, agentVersion),
    field(FIELD.protocolVersion, agentVersion),
  ]
  const names = TEXTS.flatMap(text => [
    field(FIELD.protocol, Buffer.concat([Buffer.from('/'), text.subarray(0, 700)])),
    field(FIELD.address, multiaddrOf(text.subarray(0, 300))),
  ])
  const tell = async (stream: Stream): Promise<void> => {
    for (const message of inMessages([...self, ...names])) {
      stream.send(Buffer.concat([varint(message.length), message]))
    }
    await stream.close()
  }
  // Whoever hangs up in the middle of it is no concern of ours.
  await peer.handle(IDENTIFY_PROTOCOL, stream => void tell(stream).catch(() => {}))
  return peer
}

/** As many messages as it takes; whoever reads them takes them as one. */
function inMessages(fields: Uint8Array[]): Uint8Array[] {
  const messages: Uint8Array[] = []
  for (const one of fields) {
    const last = messages.pop() ?? new Uint8Array()
    if (last.length + one.length <= LONGEST_MESSAGE) messages.push(Buffer.concat([last, one]))
    else messages.push(last, one)
  }
  return messages
}

/** /dns4/<name>/tcp/1 */
function multiaddrOf(name: Uint8Array): Uint8Array {
  return Buffer.concat([varint(DNS4), varint(name.length), name, varint(TCP), Buffer.from([0, 1])])
}
