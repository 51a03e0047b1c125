/**
 * LevelDB's logs: writes that are in no table yet, and the MANIFEST. Blocks of 32 KiB with records of a checksum (4 bytes),
 * a length (2), a kind (1) and a payload; what does not fit into a block is cut into fragments.
 *
 * @see https://github.com/google/leveldb/blob/main/doc/log_format.md
 */
import { fixed32 } from './bytes.ts'
import { storedCrc } from './crc32c.ts'

const BLOCK = 32_768
const HEADER = 7
const FULL = 1
const FIRST = 2
/** 3 is a fragment in the middle. */
const LAST = 4

/** What a log holds. */
export interface LogContents {
  /** The whole records, in the order in which they were written. */
  records: Uint8Array[]
  /** Bytes in the midst of it that are no records: damage. */
  damagedBytes: number
  /**
   * It ends within a record. Whoever was writing died, which LevelDB counts on; or somebody has cut it, which looks the
   * same.
   */
  cutOff: boolean
}

/** Reads a log, and goes on after what is damaged. Never throws. */
export function readLog(bytes: Uint8Array): LogContents {
  const out: LogContents = { records: [], damagedBytes: 0, cutOff: false }
  let parts: Uint8Array[] | undefined
  /** Fragments without their end. */
  const drop = (): void => {
    for (const part of parts ?? []) out.damagedBytes += part.length
    parts = undefined
  }
  for (const found of fragments(bytes, out)) {
    if (found === 'gap') {
      drop()
      continue
    }
    const { kind, payload } = found
    if (kind === FULL || kind === FIRST) drop()
    if (kind === FULL) out.records.push(payload)
    else if (kind === FIRST) parts = [payload]
    else if (parts === undefined) out.damagedBytes += payload.length
    else {
      parts.push(payload)
      if (kind !== LAST) continue
      out.records.push(Buffer.concat(parts))
      parts = undefined
    }
  }
  if (parts !== undefined) out.cutOff = true
  return out
}

interface Fragment {
  kind: number
  payload: Uint8Array
}

/** The fragments whose checksums hold, with a `gap` where something is damaged. */
function* fragments(bytes: Uint8Array, out: LogContents): Generator<Fragment | 'gap'> {
  let at = 0
  while (at < bytes.length) {
    const end = Math.min(bytes.length, at - (at % BLOCK) + BLOCK)
    if (end - at < HEADER) {
      // The rest of a whole block is padding; at the end of the file it is the beginning of a header.
      if (end - (at - (at % BLOCK)) < BLOCK) out.cutOff = true
      at = end
      continue
    }
    const found = fragmentAt(bytes, at, end)
    if (found !== undefined) {
      yield found
      at += HEADER + found.payload.length
      continue
    }
    const next = nextFragment(bytes, at + 1, end)
    if (next === undefined && end === bytes.length && looksCutOff(bytes, at, end)) {
      out.cutOff = true
      return
    }
    out.damagedBytes += (next ?? end) - at
    yield 'gap'
    at = next ?? end
  }
}

function fragmentAt(bytes: Uint8Array, at: number, end: number): Fragment | undefined {
  const kind = bytes[at + 6] ?? 0
  const length = lengthAt(bytes, at)
  const payload = at + HEADER
  if (kind < FULL || kind > LAST || payload + length > end) return undefined
  if (storedCrc(bytes, at + 6, payload + length) !== fixed32(bytes, at)) return undefined
  return { kind, payload: bytes.subarray(payload, payload + length) }
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (bytes[at + 4] ?? 0) | ((bytes[at + 5] ?? 0) << 8)
}

/** Where in the block fragments go on, if they do. */
function nextFragment(bytes: Uint8Array, from: number, end: number): number | undefined {
  for (let at = from; at + HEADER <= end; at += 1) {
    if (fragmentAt(bytes, at, end) !== undefined) return at
  }
  return undefined
}

/**
 * Whether what is left of the file is a record that was not written to its end, or the nothing that a file system puts
 * there after a power cut. A record that is all there but for its length is damaged.
 */
function looksCutOff(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes.subarray(at, end).every(byte => byte === 0)) return true
  const isWhole = storedCrc(bytes, at + 6, end) === fixed32(bytes, at)
  return at + HEADER + lengthAt(bytes, at) > end && !isWhole
}
