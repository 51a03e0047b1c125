/**
 * `plans.json`: what a person decided, in a small file of its own, since a datastore of LevelDB is lost as a whole when it is
 * damaged or removed. It has names, kept peers with where they were reached, and what is provided.
 *
 *     {"version":1,"revision":7,"sha256":"…","plans":[
 *     {"peer":"12D3KooW…","name":"old laptop","keep":true,"proven":["/ip4/…"]},
 *     {"provide":"bafy…","since":1700000000000}
 *     ]}
 *
 * One plan a line, so that of a damaged file the other lines can be read. The checksum is that of the revision and of all
 * that follows the first line. It is written beside its place, flushed, and moved there: a kill or a power cut leaves the
 * one before or the new one.
 */
import { createHash } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type SafeText, safeText, say } from '../../core/safe-text.ts'
import { parsePeerId } from '../dial/target.ts'
import { flushDirectory } from './make-directory.ts'
import { readOwnFile } from './own-file.ts'

/** The only form that this program writes and reads. */
const VERSION = 1
/** More is neither written nor read: 5,000 names with addresses have half of it. */
const MOST_BYTES = 4 * 1024 * 1024
/** More addresses of a peer are not read back. */
const MOST_ADDRESSES = 8
/** The longest text that is read back, in UTF-16 units. */
const MOST_LENGTH = 512

/** What a person wants of a peer, and where it was reached. */
export interface PeerPlan {
  readonly name?: string
  readonly keep?: true
  /** Where it has proved to be: multiaddrs without /p2p/ and the peer at their end. */
  readonly proven?: readonly string[]
}

/** All that a person decided. */
export interface Plans {
  /** Grows with each change. */
  readonly revision: number
  /** By Peer ID. */
  readonly peers: ReadonlyMap<string, PeerPlan>
  /** CIDs, with the moment at which each was first provided, in ms since the epoch. */
  readonly provided: ReadonlyMap<string, number>
}

/** What reading the file came to. */
export type PlansReading =
  | { state: 'absent' }
  | { state: 'sound'; plans: Plans }
  /** `plans` are those of the lines that can be read. */
  | { state: 'damaged'; what: SafeText; plans: Plans }
  /** It is not to be written either. */
  | { state: 'untouchable'; why: SafeText }

/**
 * Reads the file.
 *
 * @throws {RequestFailed} at stage `start`: it belongs to somebody else, or others may write in it
 */
export async function readPlans(path: string): Promise<PlansReading> {
  const file = await readOwnFile(path, MOST_BYTES)
  switch (file.state) {
    case 'absent':
      return file
    case 'unreadable':
      return { state: 'untouchable', why: say`it cannot be read (${file.reason})` }
    case 'odd':
      return { state: 'damaged', what: file.what, plans: plansIn([], 0) }
    case 'read':
      return parse(file.bytes.toString('utf8'))
  }
}

/**
 * Writes the file, mode 0600.
 *
 * @throws the system's error; {@link TooMuch}
 */
export async function writePlans(path: string, plans: Plans): Promise<void> {
  const text = textOf(plans)
  const draft = `${path}.tmp`
  // One that a killed process has left, whoever put it there.
  await rm(draft, { force: true, recursive: true })
  {
    await using file = await open(draft, 'wx', 0o600)
    await file.writeFile(text)
    await file.sync()
  }
  await rename(draft, path)
  await flushDirectory(dirname(path))
}

/** There are more plans than a file takes. */
export class TooMuch extends Error {
  override readonly name = 'TooMuch'
}

/** Where it was reached goes first; that is in the datastore too. @throws {TooMuch} */
function textOf(plans: Plans): string {
  const whole = withHeader(plans, true)
  if (Buffer.byteLength(whole) <= MOST_BYTES) return whole
  const short = withHeader(plans, false)
  if (Buffer.byteLength(short) <= MOST_BYTES) return short
  throw new TooMuch()
}

function withHeader({ revision, peers, provided }: Plans, withAddresses: boolean): string {
  const lines = [
    ...[...peers].map(([peer, { name, keep, proven }]) => ({
      peer,
      name,
      keep,
      ...(withAddresses ? { proven } : {}),
    })),
    ...[...provided].map(([provide, since]) => ({ provide, since })),
  ].map(plan => JSON.stringify(plan))
  const rest = `${lines.join(',\n')}\n]}\n`
  const header = JSON.stringify({ version: VERSION, revision, sha256: checksum(revision, rest), plans: [] })
  return `${header.slice(0, -2)}\n${rest}`
}

function checksum(revision: number, rest: string): string {
  return createHash('sha256').update(`${revision}\n${rest}`).digest('hex')
}

function parse(text: string): PlansReading {
  const end = text.indexOf('\n')
  const rest = end === -1 ? '' : text.slice(end + 1)
  const { version, revision, sha256 } = objectIn(`${text.slice(0, Math.max(end, 0))}]}`) ?? {}
  if (typeof version === 'number' && version > VERSION) {
    return { state: 'untouchable', why: say`a newer version of this program wrote it (form ${version})` }
  }
  const isKnown = version === VERSION && typeof revision === 'number' && Number.isSafeInteger(revision)
  const plans = plansIn(rest.split('\n'), isKnown ? revision : 0)
  if (isKnown && sha256 === checksum(revision, rest)) return { state: 'sound', plans }
  return {
    state: 'damaged',
    what: safeText(isKnown ? 'its checksum is wrong' : 'its beginning is lost'),
    plans,
  }
}

/** The plans in lines, those that make sense. */
function plansIn(lines: readonly string[], revision: number): Plans {
  const peers = new Map<string, PeerPlan>()
  const provided = new Map<string, number>()
  for (const line of lines) {
    const plan = objectIn(line.replace(/,$/, ''))
    if (plan === undefined) continue
    const { peer, name, keep, proven, provide, since } = plan
    if (isText(peer) && parsePeerId(peer) !== undefined) {
      const known = Array.isArray(proven) ? proven.filter(isText).slice(0, MOST_ADDRESSES) : []
      peers.set(peer, {
        ...(isText(name) ? { name } : {}),
        ...(keep === true ? { keep } : {}),
        ...(known.length > 0 ? { proven: known } : {}),
      })
    }
    if (isText(provide) && typeof since === 'number' && Number.isSafeInteger(since)) {
      provided.set(provide, since)
    }
  }
  return { revision, peers, provided }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MOST_LENGTH
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
