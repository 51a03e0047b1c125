/**
 * The files of a LevelDB store, read without LevelDB. It checks no checksum when it opens a store or reads from it, and
 * classic-level has no option for that: what is damaged comes out as other values, is passed over without a word, or ends
 * the process (a block that says it has 2^60 bytes). It also begins a new store where CURRENT is missing.
 */
import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type SafeText, safeText, say } from '../../../core/safe-text.ts'
import { systemCode } from '../problem.ts'
import { ByteReader, fixed32, fixed64, Malformed } from './bytes.ts'
import { readLog } from './log.ts'
import { readTable } from './table.ts'

/** Tables have 2 MiB and logs 4; a file beyond this is no part of a store. */
const MOST_BYTES = 64 * 1024 * 1024
/** Not to be held up by a pipe. Windows has neither. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** What a look at a store's files found. */
export interface StoreCheck {
  /** Files that are damaged or missing, with what is wrong: nothing else of the store is in doubt. */
  damage: SafeText[]
  /** Its last write was not finished. LevelDB copes; what was written is lost. */
  cutOff: boolean
}

/**
 * Looks at every file that LevelDB would read, and at all of their checksums. Reads only. A store that is being written
 * may seem damaged.
 *
 * @returns undefined when there is no store yet
 * @throws the system's error when a file is there and cannot be read
 */
export async function checkStore(directory: string): Promise<StoreCheck | undefined> {
  const names = await namesIn(directory)
  if (!names.some(name => name === 'CURRENT' || DATA.test(name))) return undefined
  const check: StoreCheck = { damage: [], cutOff: false }
  const live = await liveFiles(directory, names, check)
  for (const name of live ?? []) {
    const bytes = await readIn(directory, name)
    if (bytes === undefined) check.damage.push(say`${safeText(name)} is missing`)
    else look(name, bytes, check)
  }
  return check
}

/** What can be read of a damaged store: the last value of each key, as far as the checksums of its place hold. */
export async function salvage(directory: string): Promise<Map<string, Uint8Array>> {
  const names = await namesIn(directory)
  // The MANIFEST may name too few. What is not in it is older than what is: it loses by its number.
  const found = new Map<string, { sequence: bigint; value: Uint8Array | undefined }>()
  const take = (key: string, sequence: bigint, value: Uint8Array | undefined): void => {
    if (sequence >= (found.get(key)?.sequence ?? 0n)) found.set(key, { sequence, value })
  }
  for (const name of names.filter(name => DATA.test(name))) {
    const bytes = await readIn(directory, name)
    if (bytes === undefined) continue
    if (name.endsWith('.log')) for (const record of readLog(bytes).records) takeBatch(record, take)
    else for (const { key, value } of readTable(bytes, true).entries) takeEntry(key, value, take)
  }
  return new Map(
    [...found].flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value] as const])),
  )
}

/** Files with entries: tables, by both of their names, and logs. */
const DATA = /^\d+\.(ldb|sst|log)$/

async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort()
  } catch (error) {
    // No directory is found out by whoever makes one there.
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return []
    throw error
  }
}

/** The bytes of a file; undefined when there is none, or no file. @throws the system's error when it cannot be read */
async function readIn(directory: string, name: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(join(directory, name), READ)
    const stats = await file.stat()
    if (!stats.isFile() || stats.size > MOST_BYTES) return undefined
    return await file.readFile()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The names of the tables and logs that count; undefined when that cannot be told. */
async function liveFiles(
  directory: string,
  names: readonly string[],
  check: StoreCheck,
): Promise<string[] | undefined> {
  const current = (await readIn(directory, 'CURRENT'))?.toString('latin1')
  const manifest = /^(MANIFEST-\d+)\n$/.exec(current ?? '')?.[1]
  if (manifest === undefined) {
    check.damage.push(current === undefined ? say`CURRENT is missing` : say`CURRENT is damaged`)
    return undefined
  }
  const bytes = await readIn(directory, manifest)
  if (bytes === undefined) {
    check.damage.push(say`${safeText(manifest)} is missing`)
    return undefined
  }
  const { records, damagedBytes, cutOff } = readLog(bytes)
  const version = versionOf(records)
  if (damagedBytes > 0 || version === undefined) {
    check.damage.push(say`${safeText(manifest)} is damaged`)
    return undefined
  }
  if (cutOff) check.cutOff = true
  const logs = names.filter(name => name.endsWith('.log') && DATA.test(name))
  const liveLogs = logs.filter(name => isLiveLog(Number.parseInt(name, 10), version))
  // LevelDB makes a log before it names it in the MANIFEST.
  const firstLog = `${String(version.log).padStart(6, '0')}.log`
  if (version.log > 0 && !liveLogs.includes(firstLog)) liveLogs.push(firstLog)
  const tables = [...version.tables].map(number => {
    const name = String(number).padStart(6, '0')
    return names.includes(`${name}.sst`) ? `${name}.sst` : `${name}.ldb`
  })
  return [...tables, ...liveLogs]
}

interface Version {
  /** Logs from this number on count. */
  log: number
  previousLog: number
  tables: Set<number>
}

function isLiveLog(number: number, { log, previousLog }: Version): boolean {
  return number >= log || number === previousLog
}

/** Tags of what a record of the MANIFEST holds (LevelDB's db/version_edit.cc). */
const COMPARATOR = 1
const LOG_NUMBER = 2
const NEXT_FILE = 3
const LAST_SEQUENCE = 4
const COMPACT_POINTER = 5
const DELETED_FILE = 6
const NEW_FILE = 7
const PREVIOUS_LOG = 9

/** What all records of a MANIFEST come to; undefined when one makes no sense, or there is none. */
function versionOf(records: readonly Uint8Array[]): Version | undefined {
  const version: Version = { log: 0, previousLog: 0, tables: new Set() }
  try {
    for (const record of records) {
      for (const reader = new ByteReader(record); !reader.done; ) applyEdit(reader, version)
    }
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
  return records.length === 0 ? undefined : version
}

function applyEdit(reader: ByteReader, version: Version): void {
  const tag = reader.varint()
  switch (tag) {
    case COMPARATOR:
      reader.slice()
      return
    case LOG_NUMBER:
      version.log = reader.varint()
      return
    case PREVIOUS_LOG:
      version.previousLog = reader.varint()
      return
    case NEXT_FILE:
    case LAST_SEQUENCE:
      reader.varint()
      return
    case COMPACT_POINTER:
      reader.varint()
      reader.slice()
      return
    case DELETED_FILE:
      reader.varint()
      version.tables.delete(reader.varint())
      return
    case NEW_FILE: {
      reader.varint()
      version.tables.add(reader.varint())
      // Its size, and its first and last key.
      reader.varint()
      reader.slice()
      reader.slice()
      return
    }
    default:
      throw new Malformed('an unknown tag')
  }
}

function look(name: string, bytes: Uint8Array, check: StoreCheck): void {
  if (name.endsWith('.log')) {
    const { damagedBytes, cutOff } = readLog(bytes)
    if (damagedBytes > 0) check.damage.push(say`${safeText(name)} is damaged`)
    if (cutOff) check.cutOff = true
    return
  }
  const { damagedBlocks } = readTable(bytes)
  if (damagedBlocks > 0) check.damage.push(say`${safeText(name)} is damaged`)
}

/** Takes a value, or learns that a key was deleted. */
type Take = (key: string, sequence: bigint, value: Uint8Array | undefined) => void

const DELETION = 0
const VALUE = 1

/** A key of a table ends in eight bytes: whether it is a value or deleted, and the number of the write. */
function takeEntry(key: Uint8Array, value: Uint8Array, take: Take): void {
  if (key.length < 8) return
  const tail = fixed64(key, key.length - 8)
  const kind = Number(tail & 0xffn)
  if (kind !== DELETION && kind !== VALUE) return
  take(textOf(key.subarray(0, -8)), tail >> 8n, kind === VALUE ? value : undefined)
}

/** A record of a log is a batch: the number of its first write (8 bytes), how many there are (4), and the writes. */
function takeBatch(record: Uint8Array, take: Take): void {
  if (record.length < 12) return
  const first = fixed64(record, 0)
  const count = fixed32(record, 8)
  const reader = new ByteReader(record, 12)
  try {
    for (let place = 0; place < count && !reader.done; place += 1) {
      const kind = reader.byte()
      const key = textOf(reader.slice())
      if (kind !== DELETION && kind !== VALUE) return
      take(key, first + BigInt(place), kind === VALUE ? reader.slice() : undefined)
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
  }
}

function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8')
}
