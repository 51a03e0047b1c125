import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type OpenDatastore, openDatastore } from '../../../src/node/profile/datastore.ts'
import { checkStore } from '../../../src/node/profile/leveldb/store-files.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { blank, cut, type Damage, dataFiles, numbers, remove, scribble } from './fixtures/damage.ts'

const PEERS = 400
const LATER = 30

async function open(directory: string): Promise<OpenDatastore> {
  const outcome = await openDatastore(directory)
  if (outcome.state !== 'open') throw new Error(JSON.stringify(outcome))
  onTestFinished(() => outcome.close())
  return outcome
}

async function entries({ datastore }: OpenDatastore): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for await (const [key, value] of datastore.db.iterator()) {
    if (key !== '/p2p-tui/mended') found.set(key, Buffer.from(value).toString('hex'))
  }
  return found
}

/** A store with a table and a log that is not in it yet; what it holds. */
async function makeStore(directory: string): Promise<Map<string, string>> {
  const number = numbers(7)
  const first = await open(directory)
  for (let i = 0; i < PEERS; i += 1) {
    const value = Uint8Array.from({ length: 100 + number(200) }, () => number(256))
    await first.datastore.db.put(`/peers/${String(i).padStart(4, '0')}`, value)
  }
  await first.close()
  const second = await open(directory)
  for (let i = 0; i < LATER; i += 1) await second.datastore.db.put(`/notes/${i}`, new Uint8Array(50).fill(i))
  await second.datastore.db.del('/peers/0003')
  const all = await entries(second)
  await second.close()
  return all
}

function asideOf(directory: string): string[] {
  return readdirSync(join(directory, '..')).filter(name => name.includes('.damaged-'))
}

describe('a datastore with damage', () => {
  it.each<[string, Damage, number]>([
    ['random bytes', scribble, 15],
    ['zeros', blank, 8],
    ['its end cut off', cut, 8],
    ['a file removed', remove, 1],
  ])('in any of its files, by %s: all is there, or the loss is said', async (_, damage, rounds) => {
    const scratch = await scratchDirectory()
    const original = join(scratch, 'original')
    const before = await makeStore(original)
    let said = 0
    for (const [place, file] of dataFiles(original).entries()) {
      for (let round = 0; round < rounds; round += 1) {
        const number = numbers(place * 1000 + round)
        const directory = join(scratch, 'copy', 'datastore')
        cpSync(original, directory, { recursive: true })
        const what = damage(file.replace(original, directory), number)
        const opened = await open(directory)
        const after = await entries(opened)
        for (const [key, value] of after) {
          // What comes back after damage is an older value or one that was deleted at the worst, never another one.
          if (key !== '/peers/0003') expect(value, what).toBe(before.get(key))
        }
        const isSaid = opened.mended !== undefined || opened.cutOff
        const isAllThere = [...before.keys()].every(key => after.has(key)) && !after.has('/peers/0003')
        if (isSaid) said += 1
        // A log that ends exactly between two writes is one that nothing more was written to.
        else if (damage !== cut || !file.endsWith('.log')) expect(isAllThere, what).toBe(true)
        expect(asideOf(directory).length, what).toBe(opened.mended === undefined ? 0 : 1)
        await opened.close()
        expect((await checkStore(directory))?.damage, what).toEqual([])
        rmSync(join(scratch, 'copy'), { recursive: true })
      }
    }
    expect(said).toBeGreaterThan(rounds)
  })

  it('gives all but what was in the damaged block, says so, and keeps the damaged files as they were', async () => {
    const directory = join(await scratchDirectory(), 'datastore')
    const before = await makeStore(directory)
    const table = dataFiles(directory).find(path => path.endsWith('.ldb')) ?? ''
    const bytes = readFileSync(table)
    bytes[5_000] = (bytes[5_000] ?? 0) ^ 1
    writeFileSync(table, bytes)
    const { mended, ...opened } = await open(directory)
    const after = await entries({ ...opened })
    expect(mended?.what).toMatch(/^\d+\.ldb is damaged$/)
    expect(before.size - after.size).toBeGreaterThan(0)
    // A block has 4 KiB.
    expect(before.size - after.size).toBeLessThan(40)
    expect(mended?.peers).toBe([...after.keys()].filter(key => key.startsWith('/peers/')).length)
    const kept = mended?.aside ?? ''
    expect(readFileSync(join(kept, table.split('/').at(-1) ?? ''))).toEqual(bytes)
  })

  it('can be read where its index and its MANIFEST are gone', async () => {
    const directory = join(await scratchDirectory(), 'datastore')
    const before = await makeStore(directory)
    for (const path of dataFiles(directory)) {
      const bytes = readFileSync(path)
      if (path.endsWith('.ldb')) bytes.fill(0xee, bytes.length - 60)
      if (path.includes('MANIFEST')) bytes.fill(0xee)
      writeFileSync(path, bytes)
    }
    const opened = await open(directory)
    expect(opened.mended).toBeDefined()
    expect(await entries(opened)).toEqual(before)
  })

  it('does not end the process, however large a block says that it is', async () => {
    const directory = join(await scratchDirectory(), 'datastore')
    await makeStore(directory)
    const table = dataFiles(directory).find(path => path.endsWith('.ldb')) ?? ''
    const bytes = readFileSync(table)
    // The footer's second handle is that of the index: an offset of 0, and 2^55 bytes.
    bytes.set([0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f], bytes.length - 48)
    writeFileSync(table, bytes)
    expect((await open(directory)).mended).toBeDefined()
  })

  it('keeps three damaged ones aside, the newest', async () => {
    const directory = join(await scratchDirectory(), 'datastore')
    await (await open(directory)).close()
    for (let day = 1; day <= 5; day += 1) {
      writeFileSync(join(directory, 'CURRENT'), 'nothing')
      const outcome = await openDatastore(directory, Date.UTC(2026, 0, day))
      if (outcome.state !== 'open') throw new Error(outcome.state)
      await outcome.close()
    }
    const days = asideOf(directory).map(name => name.slice(0, 'datastore.damaged-20260101'.length))
    expect(days).toEqual([3, 4, 5].map(day => `datastore.damaged-2026010${day}`))
  })

  it('goes on where mending was cut off by a kill', async () => {
    const directory = join(await scratchDirectory(), 'datastore')
    const before = await makeStore(directory)
    writeFileSync(join(directory, 'CURRENT'), 'nothing')
    await (await open(directory)).close()
    // As if killed between the two moves: the new one is whole, and not yet in its place.
    cpSync(directory, `${directory}.new`, { recursive: true })
    rmSync(directory, { recursive: true })
    expect(await entries(await open(directory))).toEqual(before)
    expect(existsSync(`${directory}.new`)).toBe(false)
  })

  it('makes nothing of a new one that was not finished', async () => {
    const directory = join(await scratchDirectory(), 'datastore')
    const half = await open(`${directory}.new`)
    await half.datastore.db.put('/peers/half', new Uint8Array(1))
    await half.close()
    const first = await open(directory)
    expect([first.isNew, (await entries(first)).size]).toEqual([true, 0])
    await first.close()
    const before = await makeStore(directory)
    writeFileSync(join(directory, 'CURRENT'), 'nothing')
    expect(await entries(await open(directory))).toEqual(before)
  })
})

describe('a datastore without damage', () => {
  it('is opened as it is, also where a write at its end is not whole', async () => {
    const directory = join(await scratchDirectory(), 'datastore')
    const before = await makeStore(directory)
    const log = dataFiles(directory).find(path => path.endsWith('.log')) ?? ''
    writeFileSync(log, readFileSync(log).subarray(0, -5))
    const opened = await open(directory)
    expect([opened.mended, opened.cutOff]).toEqual([undefined, true])
    // The last write was a deletion.
    const after = await entries(opened)
    expect(after.size).toBe(before.size + 1)
    expect(after.has('/peers/0003')).toBe(true)
  })

  it('is new where there was none, and not where there is', async () => {
    const directory = join(await scratchDirectory(), 'datastore')
    const first = await open(directory)
    await first.close()
    const second = await open(directory)
    expect([first.isNew, second.isNew]).toEqual([true, false])
  })
})
