import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatastore } from '../../../src/node/profile/datastore.ts'
import { loadKept } from '../../../src/node/profile/kept.ts'
import { type PlanProblem, RETRY_MS } from '../../../src/node/profile/plan-keeper.ts'
import { readPlans } from '../../../src/node/profile/plans-file.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { peerIds } from '../../support/peer-ids.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { startWriter } from './fixtures/writer.ts'

const SEEN = { source: 'mdns', firstSeen: 1_000, lastSeen: 2_000 } as const
const [one = '', two = '', three = ''] = await peerIds(3)

/** What is kept in a directory, open until it is closed. */
async function kept(directory: string, how: { isNew?: boolean; mended?: boolean } = {}) {
  const outcome = await openDatastore(join(directory, 'datastore'))
  if (outcome.state !== 'open') throw new Error(outcome.state)
  const { datastore } = outcome
  const path = join(directory, 'plans.json')
  const opened = {
    datastore,
    isNew: how.isNew ?? outcome.isNew,
    ...(how.mended === true ? { mended: { what: '' as never, aside: '', peers: 0 } } : {}),
  }
  const loaded = await loadKept(opened, path, 0)
  const close = async () => {
    await loaded.kept.keeper.close()
    await outcome.close()
  }
  onTestFinished(close)
  return { ...loaded.kept, ...loaded, db: datastore.db, path, close }
}

async function inFile(path: string): Promise<Record<string, string | undefined>> {
  const reading = await readPlans(path)
  if (reading.state !== 'sound') throw new Error(reading.state)
  return Object.fromEntries([...reading.plans.peers].map(([id, { name }]) => [id, name]))
}

describe('what a person decided', () => {
  it('is in the datastore and in a file; what was only seen is not in the file', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    await first.notes.change(one, note => ({
      ...note,
      name: 'a',
      proven: ['/ip4/192.0.2.1/tcp/1'],
      seen: [SEEN],
    }))
    await first.notes.change(two, note => ({ ...note, keep: true }))
    await first.notes.change(three, note => ({ ...note, seen: [SEEN] }))
    await first.provided.put('bafkqaaa', 5)
    await first.close()
    expect(await readPlans(first.path)).toMatchObject({
      state: 'sound',
      plans: {
        peers: new Map([
          [one, { name: 'a', proven: ['/ip4/192.0.2.1/tcp/1'] }],
          [two, { keep: true }],
        ]),
        provided: new Map([['bafkqaaa', 5]]),
      },
    })
    const second = await kept(directory)
    expect(second.recovered).toBe('nothing')
    expect(second.notes.of(three).seen).toEqual([SEEN])
    await second.notes.change(one, ({ name: _, ...note }) => note)
    await second.provided.delete('bafkqaaa')
    await second.close()
    expect(await inFile(second.path)).toEqual({ [two]: undefined })
  })

  it('comes from the file where the datastore is gone', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    await first.notes.change(one, note => ({
      ...note,
      name: 'a',
      keep: true,
      proven: ['/ip4/192.0.2.1/tcp/1'],
    }))
    await first.provided.put('bafkqaaa', 5)
    await first.close()
    await rm(join(directory, 'datastore'), { recursive: true })
    const second = await kept(directory)
    expect(second.recovered).toBe('from file')
    expect(second.notes.of(one)).toEqual({
      name: 'a',
      keep: true,
      proven: ['/ip4/192.0.2.1/tcp/1'],
      seen: [],
    })
    expect(await second.provided.load()).toEqual(new Map([['bafkqaaa', 5]]))
    await second.close()
    // And is in the datastore from then on.
    await rm(second.path)
    const third = await kept(directory)
    expect(third.notes.of(one).name).toBe('a')
    await third.close()
    expect(await inFile(third.path)).toEqual({ [one]: 'a' })
  })

  it('comes from the datastore where an older version has changed that alone', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    await first.notes.change(one, note => ({ ...note, name: 'a' }))
    const AS_TEXT = { keyEncoding: 'utf8', valueEncoding: 'utf8' } as const
    await first.db.put(`/p2p-tui/peers/${one}`, JSON.stringify({ name: 'b', seen: [] }), AS_TEXT)
    await first.close()
    const second = await kept(directory)
    expect([second.notes.of(one).name, second.recovered]).toEqual(['b', 'nothing'])
    await second.close()
    expect(await inFile(second.path)).toEqual({ [one]: 'b' })
  })

  it('comes from the file where the datastore has lost its last writes, and that is noticed', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    await first.notes.change(one, note => ({ ...note, name: 'a' }))
    await first.close()
    const before = await readFile(join(directory, 'plans.json'))
    const second = await kept(directory)
    await second.notes.change(one, ({ name: _, ...note }) => note)
    await second.notes.change(two, note => ({ ...note, name: 'b' }))
    await second.close()
    const after = await readFile(join(directory, 'plans.json'))
    // A datastore that went back in time: the changes of the second run are missing.
    await rm(join(directory, 'datastore'), { recursive: true })
    await writeFile(join(directory, 'plans.json'), before)
    await (await kept(directory)).close()
    await writeFile(join(directory, 'plans.json'), after)
    const third = await kept(directory, { isNew: false })
    expect(third.recovered).toBe('from file')
    expect(third.notes.of(one)).toEqual({ seen: [] })
    expect(third.notes.of(two).name).toBe('b')
  })

  it('is all that can be had where the datastore was mended and went on without the file', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    await first.notes.change(one, note => ({ ...note, name: 'a' }))
    await first.close()
    const before = await readFile(first.path)
    const second = await kept(directory)
    await second.notes.change(two, note => ({ ...note, name: 'b' }))
    await second.notes.delete(one)
    await second.close()
    await writeFile(second.path, before)
    const third = await kept(directory, { mended: true })
    expect([third.notes.of(one).name, third.notes.of(two).name]).toEqual(['a', 'b'])
    expect(third.recovered).toBe('from file')
  })

  it('survives that the file is damaged: it is kept aside and written anew', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    await first.notes.change(one, note => ({ ...note, name: 'a' }))
    await first.close()
    await writeFile(first.path, 'garbage', { mode: 0o600 })
    const second = await kept(directory)
    expect(second.notes.of(one).name).toBe('a')
    expect(second.problem?.cause).toContain('was damaged: its beginning is lost')
    const aside = (await readdir(directory)).find(name => name.startsWith('plans.json.damaged-')) ?? ''
    expect(second.problem?.hint).toContain(aside)
    expect(await readFile(join(directory, aside), 'utf8')).toBe('garbage')
    await second.close()
    expect(await inFile(second.path)).toEqual({ [one]: 'a' })
  })

  it('leaves the file of a newer version alone, and says so', async () => {
    const directory = await scratchDirectory()
    const newer = '{"version":2,"revision":99,"plans":[\n]}\n'
    await writeFile(join(directory, 'plans.json'), newer, { mode: 0o600 })
    const first = await kept(directory)
    expect(first.problem?.cause).toContain('a newer version of this program wrote it (form 2)')
    await first.notes.change(one, note => ({ ...note, name: 'a' }))
    await first.close()
    expect(await readFile(first.path, 'utf8')).toBe(newer)
    expect((await kept(directory)).notes.of(one).name).toBe('a')
  })

  it('replaces a record that makes no sense', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    await first.notes.change(one, note => ({ ...note, name: 'a' }))
    const AS_TEXT = { keyEncoding: 'utf8', valueEncoding: 'utf8' } as const
    await first.db.put(`/p2p-tui/peers/${one}`, '{"na', AS_TEXT)
    await first.close()
    const second = await kept(directory)
    expect([second.notes.of(one).name, second.recovered]).toEqual(['a', 'from file'])
  })
})

describe('where it cannot be written', () => {
  it('to the file, it is told once, tried again, and told when it can be', async () => {
    const directory = await scratchDirectory()
    const { notes, keeper, path, close } = await kept(directory)
    const clock = new ManualClock()
    const told: (PlanProblem | undefined)[] = []
    let next = (): void => {}
    const heard = () =>
      new Promise<void>(resolve => {
        next = resolve
      })
    keeper.attend(clock, problem => {
      told.push(problem)
      next()
    })
    // A directory in the draft's place that cannot be removed as a file can: its name is too much for a rename.
    await rm(path, { force: true })
    await mkdir(join(path, 'in the way'), { recursive: true })
    const first = heard()
    await notes.change(one, note => ({ ...note, name: 'a' }))
    await first
    expect(told).toHaveLength(1)
    expect(told[0]?.cause).toMatch(/cannot be written to .*plans\.json: .*directory/)
    expect(told[0]?.hint).toContain('tried again each 30 s')
    await rm(path, { recursive: true })
    const second = heard()
    clock.advance(RETRY_MS)
    await second
    expect(told.at(-1)).toBeUndefined()
    await close()
    expect(await inFile(path)).toEqual({ [one]: 'a' })
  })

  it('to the datastore, the file has it, and wins in the next run', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    const put = first.db.put.bind(first.db)
    first.db.put = (() => Promise.reject(new Error('IO error: No space left on device'))) as never
    await first.notes.change(one, note => ({ ...note, name: 'a' }))
    first.db.put = put
    // What comes later must not make the datastore look as if it had all.
    await first.notes.change(two, note => ({ ...note, name: 'b' }))
    await first.close()
    const second = await kept(directory)
    expect([second.notes.of(one).name, second.notes.of(two).name]).toEqual(['a', 'b'])
    expect(second.recovered).toBe('from file')
  })

  it('to neither, whoever asked for it is told', async () => {
    const directory = await scratchDirectory()
    const first = await kept(directory)
    await mkdir(join(first.path, 'x'), { recursive: true })
    first.db.put = (() => Promise.reject(new Error('IO error: No space left on device'))) as never
    await expect(first.notes.change(one, note => ({ ...note, name: 'a' }))).rejects.toThrow('No space left')
    expect(first.notes.of(one).name).toBe('a')
  })
})

it('it is whole after a kill in the midst of writing, and none is lost that was said to be kept', async () => {
  const directory = await scratchDirectory()
  const ids = await peerIds(10)
  for (let round = 0; round < 3; round += 1) {
    const written = await startWriter(directory, ids, 'plans').killedAfter(40 + round * 37)
    const { notes, problem, path, close } = await kept(directory)
    expect(problem).toBeUndefined()
    for (const [id, said] of written) {
      expect(Number((notes.of(id).name ?? '').replace('round ', ''))).toBeGreaterThanOrEqual(said)
    }
    await close()
    expect((await readPlans(path)).state).toBe('sound')
  }
})
