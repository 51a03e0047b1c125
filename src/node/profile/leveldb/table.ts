/**
 * LevelDB's tables (.ldb): blocks of sorted entries, then a filter, a list of filters, an index of the blocks, and a footer
 * that says where the last two are. Each block has a byte for its compression and a checksum behind it.
 *
 * @see https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
import { ByteReader, fixed32, fixed64, Malformed } from './bytes.ts'
import { CRC_START, crcOver, maskedCrc, storedCrc } from './crc32c.ts'

const FOOTER = 48
const MAGIC = 0xdb4775248b80fb57n
/** The byte for the compression, and the checksum. */
const TRAILER = 5
const NOT_COMPRESSED = 0
/** No block is looked for beyond this: they have 4 KiB, or one entry that has more. */
const MOST_OF_A_BLOCK = 256 * 1024

/** An entry of a block. */
export interface Entry {
  key: Uint8Array
  value: Uint8Array
}

/** What a table holds. */
export interface TableContents {
  /** In the order of their keys, which end in LevelDB's own eight bytes. Empty unless asked for. */
  entries: Entry[]
  /** Blocks that are damaged or missing; what was in them is lost. */
  damagedBlocks: number
}

/**
 * Checks every checksum of a table. Never throws.
 *
 * @param wanted whether entries are to be read, as far as they can be
 */
export function readTable(bytes: Uint8Array, wanted = false): TableContents {
  const out: TableContents = { entries: [], damagedBlocks: 0 }
  const handles = dataBlocks(bytes, out)
  if (handles === undefined) {
    out.damagedBlocks += 1
    if (wanted) out.entries = withoutIndex(bytes)
    return out
  }
  for (const handle of handles) {
    const block = blockAt(bytes, handle)
    if (block === undefined) out.damagedBlocks += 1
    else if (wanted) readInto(out, block)
  }
  return out
}

/** Where a block is, without its trailer. */
interface Handle {
  offset: number
  size: number
}

/** The blocks with entries, as the index has them; undefined when there is none to read. Looks at the others by the way. */
function dataBlocks(bytes: Uint8Array, out: TableContents): Handle[] | undefined {
  const footer = bytes.length - FOOTER
  if (footer < 0 || fixed64(bytes, footer + FOOTER - 8) !== MAGIC) return undefined
  try {
    const reader = new ByteReader(bytes, footer)
    const lists = blockAt(bytes, handleIn(reader))
    const index = blockAt(bytes, handleIn(reader))
    if (index === undefined) return undefined
    const filters = lists === undefined ? undefined : entriesOf(lists)
    const isSound = filters?.every(
      ({ value }) => blockAt(bytes, handleIn(new ByteReader(value))) !== undefined,
    )
    if (isSound !== true) out.damagedBlocks += 1
    return entriesOf(index).map(({ value }) => handleIn(new ByteReader(value)))
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

function handleIn(reader: ByteReader): Handle {
  return { offset: reader.varint(), size: reader.varint() }
}

/** A block with its compression behind it; undefined when it is not there, or its checksum does not hold. */
function blockAt(bytes: Uint8Array, { offset, size }: Handle): Uint8Array | undefined {
  const end = offset + size
  if (end + TRAILER > bytes.length) return undefined
  return storedCrc(bytes, offset, end + 1) === fixed32(bytes, end + 1)
    ? bytes.subarray(offset, end + 1)
    : undefined
}

function readInto(out: TableContents, block: Uint8Array): void {
  try {
    for (const entry of entriesOf(block)) out.entries.push(entry)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    out.damagedBlocks += 1
  }
}

/** @throws {Malformed} */
function entriesOf(block: Uint8Array): Entry[] {
  // Nothing of ours is compressed.
  if (block.at(-1) !== NOT_COMPRESSED) throw new Malformed('it is compressed')
  const restarts = block.length - 5
  const end = restarts - 4 * fixed32(block, restarts)
  if (end < 0) throw new Malformed('it ends too early')
  const reader = new ByteReader(block, 0, end)
  const entries: Entry[] = []
  let key: Uint8Array = new Uint8Array()
  while (!reader.done) {
    const shared = reader.varint()
    const own = reader.varint()
    const length = reader.varint()
    if (shared > key.length) throw new Malformed('a key goes on from nothing')
    key = Buffer.concat([key.subarray(0, shared), reader.take(own)])
    entries.push({ key, value: reader.take(length) })
  }
  return entries
}

/**
 * The entries of a table whose index is gone: its blocks stand one behind the other, and a checksum tells where one ends.
 * Ends at the first that is damaged.
 */
function withoutIndex(bytes: Uint8Array): Entry[] {
  const out: TableContents = { entries: [], damagedBlocks: 0 }
  let filter = 0
  for (let at = 0; ; ) {
    const end = blockEnd(bytes, at)
    if (end === undefined) return out.entries
    const before = out.entries.length
    readInto(out, bytes.subarray(at, end + 1))
    if (isListOfFilters(out.entries.slice(before))) return out.entries.slice(0, filter)
    filter = before
    at = end + TRAILER
  }
}

function blockEnd(bytes: Uint8Array, start: number): number | undefined {
  const most = Math.min(bytes.length - TRAILER, start + MOST_OF_A_BLOCK)
  let state = CRC_START
  for (let end = start; end <= most; end += 1) {
    state = crcOver(state, bytes, end, end + 1)
    if (end > start && maskedCrc(state) === fixed32(bytes, end + 1)) return end
  }
  return undefined
}

/** What comes behind the last block with entries and the filter. */
function isListOfFilters(entries: readonly Entry[]): boolean {
  const [first] = entries
  return first !== undefined && Buffer.from(first.key).toString('latin1').startsWith('filter.')
}
