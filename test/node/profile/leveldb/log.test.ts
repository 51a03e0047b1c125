import { expect, it } from 'vitest'
import { storedCrc } from '../../../../src/node/profile/leveldb/crc32c.ts'
import { readLog } from '../../../../src/node/profile/leveldb/log.ts'

const BLOCK = 32_768
const HEADER = 7

/** A log of LevelDB with these records, written as its format says. */
function log(records: readonly Buffer[]): Buffer {
  const parts: Buffer[] = []
  let at = 0
  const write = (bytes: Buffer): void => {
    parts.push(bytes)
    at += bytes.length
  }
  for (const record of records) {
    for (let left = record, isFirst = true; ; isFirst = false) {
      const room = BLOCK - (at % BLOCK)
      if (room < HEADER) {
        write(Buffer.alloc(room))
        continue
      }
      const part = left.subarray(0, room - HEADER)
      left = left.subarray(part.length)
      const isLast = left.length === 0
      const kind = isFirst ? (isLast ? 1 : 2) : isLast ? 4 : 3
      const body = Buffer.concat([Buffer.from([kind]), part])
      const header = Buffer.alloc(6)
      header.writeUInt32LE(storedCrc(body, 0, body.length))
      header.writeUInt16LE(part.length, 4)
      write(Buffer.concat([header, body]))
      if (isLast) break
    }
  }
  return Buffer.concat(parts)
}

const record = (length: number, byte: number): Buffer => Buffer.alloc(length, byte)
/** One that is in three blocks, among short ones. */
const RECORDS = [record(100, 1), record(70_000, 2), record(0, 3), record(300, 4), record(50, 5)]
const LOG = log(RECORDS)

it('records are read across blocks', () => {
  const { records, damagedBytes, cutOff } = readLog(LOG)
  expect(records.map(bytes => Buffer.from(bytes))).toEqual(RECORDS)
  expect([damagedBytes, cutOff]).toEqual([0, false])
})

it.each([
  ['in a header', LOG.length - 53, 4],
  ['in a payload', LOG.length - 10, 4],
  ['between two parts of a record', BLOCK, 1],
  ['in a part of a record', BLOCK + 5_000, 1],
])('a log that was cut %s ends before that record, and says so', (_, end, count) => {
  const { records, damagedBytes, cutOff } = readLog(LOG.subarray(0, end))
  expect(records).toHaveLength(count)
  expect([damagedBytes, cutOff]).toEqual([0, true])
})

it.each<[string, (bytes: Buffer) => void, number[]]>([
  ['a payload', bytes => bytes.fill(9, 50, 51), [2, 3, 4, 5]],
  ['the length of a record in the midst', bytes => bytes.fill(0xff, 4, 6), [2, 3, 4, 5]],
  [
    'the length of the last one',
    bytes => bytes.fill(0xff, bytes.length - 53, bytes.length - 51),
    [1, 2, 3, 4],
  ],
  ['a part of a long record', bytes => bytes.fill(9, 40_000, 40_001), [1, 3, 4, 5]],
  ['the kind of a record', bytes => bytes.fill(0, 6, 7), [2, 3, 4, 5]],
])('damage to %s loses that record alone', (_, damage, left) => {
  const bytes = Buffer.from(LOG)
  damage(bytes)
  const { records, damagedBytes, cutOff } = readLog(bytes)
  expect(records.map(bytes => RECORDS.findIndex(other => other.equals(bytes)) + 1)).toEqual(left)
  expect(damagedBytes).toBeGreaterThan(0)
  expect(cutOff).toBe(false)
})

it('zeros at the end are what a power cut leaves', () => {
  expect(readLog(Buffer.concat([LOG, Buffer.alloc(500)]))).toMatchObject({ damagedBytes: 0, cutOff: true })
})

it('nothing is a log without records', () => {
  expect(readLog(Buffer.alloc(0))).toEqual({ records: [], damagedBytes: 0, cutOff: false })
})
