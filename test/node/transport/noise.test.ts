import { pureJsCrypto } from '@chainsafe/libp2p-noise'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNode } from '../../../src/node/create-node.ts'
import { type Bytes, piecesOf } from '../../../src/node/pieces.ts'
import { LogTap } from '../../../src/node/taps/log-tap.ts'
import { TrafficTap } from '../../../src/node/taps/traffic-tap.ts'
import { LONG_BYTES, leanCrypto, type OverNoise } from '../../../src/node/transport/noise.ts'
import { SharedPort } from '../../../src/node/transport/shared-port.ts'
import { addressOf, startPeer, stopPeers } from '../../support/peers/peer.ts'
import { insidesOfConnection } from '../../support/peers/unnegotiated.ts'

const TAG_BYTES = 16
const LONGEST_BYTES = 65_535
const key = bytesOf(32)
const nonce = bytesOf(12)
const ad = bytesOf(5)

/** Bytes that differ from their neighbours. */
function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, n) => (n * 167 + (n >> 8)) & 0xff)
}

/** The same bytes, as they come from a socket. */
function inPieces(bytes: Uint8Array): Uint8ArrayList {
  const cut = Math.floor(bytes.length / 3)
  return new Uint8ArrayList(bytes.subarray(0, cut), bytes.subarray(cut))
}

/** Seals and opens with another implementation of the same cipher. */
const others = {
  seal: (text: Uint8Array) => pureJsCrypto.chaCha20Poly1305Encrypt(text, nonce, ad, key).subarray(),
  open: (sealed: Uint8Array) => pureJsCrypto.chaCha20Poly1305Decrypt(sealed, nonce, ad, key).subarray(),
}
const seal = (text: Uint8Array | Uint8ArrayList) =>
  leanCrypto.chaCha20Poly1305Encrypt(text, nonce, ad, key).subarray()
const open = (sealed: Uint8Array | Uint8ArrayList) =>
  leanCrypto.chaCha20Poly1305Decrypt(sealed, nonce, ad, key).subarray()

describe('ciphers of noise', () => {
  it.each([0, 1, LONG_BYTES - TAG_BYTES - 1, LONG_BYTES - TAG_BYTES, LONG_BYTES, LONGEST_BYTES - TAG_BYTES])(
    'agree with another implementation on %i bytes',
    length => {
      const text = bytesOf(length)
      const sealed = others.seal(text)
      expect(Buffer.compare(seal(text), sealed)).toBe(0)
      expect(Buffer.compare(seal(inPieces(text)), sealed)).toBe(0)
      expect(Buffer.compare(others.open(seal(text)), text)).toBe(0)
      expect(Buffer.compare(open(sealed), text)).toBe(0)
      expect(Buffer.compare(open(inPieces(sealed)), text)).toBe(0)
    },
  )

  it.each(['the first byte', 'a byte in the middle', 'the last byte of the text', 'the tag'])(
    'throw where somebody changed %s',
    which => {
      const sealed = seal(bytesOf(LONG_BYTES))
      const at = { 'the first byte': 0, 'a byte in the middle': 700, 'the tag': sealed.length - 1 }[which]
      const changed = Uint8Array.from(sealed)
      changed[at ?? sealed.length - TAG_BYTES - 1]! ^= 1
      expect(() => open(changed)).toThrow()
      expect(() => open(inPieces(changed))).toThrow()
    },
  )

  it('throw where the key, the nonce or the associated data are others', () => {
    const sealed = seal(bytesOf(LONG_BYTES))
    const other = (length: number) => bytesOf(length).map(byte => byte ^ 1)
    const { chaCha20Poly1305Decrypt: decrypt } = leanCrypto
    expect(() => decrypt(sealed, nonce, ad, other(32))).toThrow()
    expect(() => decrypt(sealed, other(12), ad, key)).toThrow()
    expect(() => decrypt(sealed, nonce, other(5), key)).toThrow()
  })
})

async function startNode(): Promise<Libp2p> {
  const node = await createNode({
    privateKey: await generateKeyPair('Ed25519'),
    datastore: undefined,
    logTap: new LogTap(),
    trafficTap: new TrafficTap({ streamOpened: () => [] }),
    sharedPort: new SharedPort(),
  })
  await node.start()
  onTestFinished(() => node.stop())
  return node
}

describe('a connection to a stock peer', () => {
  const ECHO = '/echo/1.0.0'

  async function connected() {
    const node = await startNode()
    const peer = await startPeer()
    onTestFinished(() => stopPeers([peer]))
    await peer.handle(ECHO, stream => {
      stream.addEventListener('message', ({ data }) => void stream.send(data))
      stream.addEventListener('remoteCloseWrite', () => void stream.close())
    })
    const connection = await node.dial(addressOf(peer))
    const { maConn, muxer } = insidesOfConnection(connection)
    const over = (muxer as unknown as { maConn: OverNoise }).maConn
    return { connection, raw: maConn, over }
  }

  it('carries messages of all lengths both ways', async () => {
    const { connection } = await connected()
    const stream = await connection.newStream(ECHO)
    const back = new Uint8ArrayList()
    stream.addEventListener('message', ({ data }) => {
      for (const piece of piecesOf(data)) back.append(piece)
    })
    const closed = new Promise(resolve => stream.addEventListener('close', resolve, { once: true }))
    const sent = new Uint8ArrayList()
    for (const length of [1, 32, LONG_BYTES - 1, LONG_BYTES, 5000, 65_519, 65_520, 200_000]) {
      sent.append(bytesOf(length))
      stream.send(bytesOf(length))
    }
    await stream.close()
    await closed
    expect(Buffer.compare(back.subarray(), sent.subarray())).toBe(0)
  })

  it('copies no message that comes in pieces', async () => {
    const { over } = await connected()
    let copied = 0
    class Watched extends Uint8ArrayList {
      override subarray(from?: number, to?: number): Uint8Array {
        const bytes = super.subarray(from, to)
        copied += bytes.byteLength
        return bytes
      }
    }
    // It is not sealed with the key of this connection; what is copied for that is copied before.
    const message = new Watched(...inPieces(bytesOf(60_000)))
    expect(() => over.decrypt(message as unknown as Bytes)).toThrow()
    expect(copied).toBeLessThanOrEqual(TAG_BYTES)
  })
})
