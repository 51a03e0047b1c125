/** From the words a person uses for what is looked for to the bytes that the DHT looks for. */
import { createHash } from 'node:crypto'
import type { PeerId } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create as createDigest } from 'multiformats/hashes/digest'
import { type SafeText, safeText } from '../../core/safe-text.ts'
import { parsePeerId } from '../dial/target.ts'
import { badKey, notCid, notPeerId, publicKeysOnly } from './failures.ts'
import { OPEN_NAMESPACE } from './networks.ts'

/** Multicodec of SHA2-256. */
const SHA2_256 = 0x12
/** What a CID looks like, whole or not: longer than any word that somebody would provide as a text. */
const LIKE_CID = /^(Qm|ba[a-z2-7]|z[bd]|k[25])\w{30,}$/
const MAX_KEY_BYTES = 256

/** What is looked for: for the DHT, and in its usual form. */
export interface Subject<T> {
  key: T
  text: SafeText
}

/** @throws {RequestFailed} when it is no Peer ID */
export function readPeerId(words: string): Subject<PeerId> {
  const peerId = parsePeerId(words.trim())
  if (peerId === undefined) throw notPeerId(words)
  return { key: peerId, text: safeText(peerId.toString()) }
}

/** @throws {RequestFailed} when it is no CID */
export function readCid(words: string): Subject<CID> {
  try {
    const cid = CID.parse(words.trim())
    return { key: cid, text: safeText(cid.toString()) }
  } catch {
    throw notCid(words)
  }
}

/**
 * A CID, or the one of a text: version 1, raw, SHA2-256 of its UTF-8.
 *
 * @throws {RequestFailed} when it looks like a CID and is none, or is empty
 */
export function readCidOrText(words: string): Subject<CID> {
  const text = words.trim()
  if (text === '' || LIKE_CID.test(text)) return readCid(text)
  const digest = createHash('sha256').update(text).digest()
  const cid = CID.createV1(raw.code, createDigest(SHA2_256, digest))
  return { key: cid, text: safeText(cid.toString()) }
}

/** A place in the key space: that of a Peer ID, of a CID, or of any text. @throws {RequestFailed} when there is none */
export function readPlace(words: string): Subject<Uint8Array> {
  const text = words.trim()
  const peerId = parsePeerId(text)
  if (peerId !== undefined) return { key: peerId.toMultihash().bytes, text: safeText(text) }
  if (LIKE_CID.test(text)) {
    const cid = readCid(text)
    return { key: cid.key.multihash.bytes, text: cid.text }
  }
  if (text === '') throw badKey(text)
  return { key: Buffer.from(text), text: safeText(text) }
}

/**
 * The key of a record: `/app/<word>`, for which the word alone stands too, or `/pk/<peer id>`.
 *
 * @throws {RequestFailed} when this DHT keeps no such records
 */
export function readRecordKey(words: string, publicDht: boolean): Subject<Uint8Array> {
  const text = words.trim()
  if (text.startsWith('/pk/')) {
    const peer = readPeerId(text.slice('/pk/'.length))
    return {
      key: Buffer.concat([Buffer.from('/pk/'), peer.key.toMultihash().bytes]),
      text: safeText(`/pk/${peer.text}`),
    }
  }
  if (publicDht) throw publicKeysOnly
  const open = `/${OPEN_NAMESPACE}/`
  const name = text.startsWith('/') ? text : `${open}${text}`
  const key = Buffer.from(name)
  if (!name.startsWith(open) || name === open || key.byteLength > MAX_KEY_BYTES) throw badKey(words)
  return { key, text: safeText(name) }
}
