import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openLevel } from '../../../src/node/profile/level.ts'
import { scratchDirectory } from '../../support/scratch.ts'

const VALUE = 64 * 1024
const MEGABYTE = 2 ** 20

it('what is written stays in memory for a megabyte or two, not for all of the four that LevelDB would keep', async () => {
  const opening = await openLevel(join(await scratchDirectory(), 'store'), true)
  if (opening.state !== 'open') throw new Error(opening.state)
  const { datastore } = opening
  onTestFinished(() => datastore.close())
  for (let n = 0; n < (3.75 * MEGABYTE) / VALUE; n += 1) {
    await datastore.db.put(`/${n}`, randomBytes(VALUE))
  }
  const db = datastore.db as unknown as { getProperty(name: string): string }
  const held = Number(db.getProperty('leveldb.approximate-memory-usage'))
  expect(held).toBeGreaterThan(0)
  expect(held).toBeLessThan(3 * MEGABYTE)
})
