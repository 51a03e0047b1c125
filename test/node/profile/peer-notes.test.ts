import { describe, expect, it, onTestFinished } from 'vitest'
import { openDatastore } from '../../../src/node/profile/datastore.ts'
import { PeerNotes } from '../../../src/node/profile/peer-notes.ts'
import { peerIds } from '../../support/peer-ids.ts'
import { scratchDirectory } from '../../support/scratch.ts'
import { startWriter } from './fixtures/writer.ts'

const SEEN = { source: 'mdns', firstSeen: 1_000, lastSeen: 2_000 } as const
const AS_TEXT = { keyEncoding: 'utf8', valueEncoding: 'utf8' } as const

async function database(directory: string) {
  const outcome = await openDatastore(directory)
  if (outcome.state !== 'open') throw new Error(outcome.state)
  onTestFinished(() => outcome.close())
  return { db: outcome.datastore.db, close: outcome.close }
}

/** A database that writes when the test says so, in whichever order. */
function slowDatabase() {
  const written = new Map<string, string>()
  const waiting: (() => void)[] = []
  const later = (write: () => void) =>
    new Promise<void>(resolve => {
      waiting.push(() => {
        write()
        resolve()
      })
    })
  const db = {
    put: (key: string, value: string) => later(() => written.set(key, value)),
    del: (key: string) => later(() => written.delete(key)),
    async *iterator() {
      yield* written
    },
  }
  /** Does what was begun, the newest first, until nothing is left. */
  const settle = async (): Promise<void> => {
    for (;;) {
      await new Promise(resolve => setImmediate(resolve))
      const write = waiting.pop()
      if (write === undefined) return
      write()
    }
  }
  return { db: db as never, settle }
}

describe('the notes of a profile', () => {
  it('are there again in the next run', async () => {
    const directory = await scratchDirectory()
    const [one = '', two = ''] = await peerIds(2)
    const first = await database(directory)
    const notes = await PeerNotes.load(first.db)
    await notes.change(one, note => ({ ...note, name: 'old laptop', seen: [SEEN] }))
    await notes.change(one, note => ({ ...note, keep: true }))
    await notes.change(two, note => ({ ...note, seen: [SEEN] }))
    await notes.delete(two)
    await first.close()
    const again = await PeerNotes.load((await database(directory)).db)
    expect(again.all()).toEqual([[one, { name: 'old laptop', keep: true, seen: [SEEN] }]])
    expect([again.isWanted(one), again.isWanted(two)]).toEqual([true, false])
  })

  it('pass over what is damaged, and keep the rest of a record', async () => {
    const { db } = await database(await scratchDirectory())
    const ids = await peerIds(6)
    const [whole = '', torn = '', odd = '', times = '', list = '', nothing = ''] = ids
    const records = {
      [whole]: JSON.stringify({ name: 'a', seen: [SEEN] }),
      [torn]: '{"name":"b","seen":[{"sou',
      [odd]: JSON.stringify({ name: 7, keep: 'yes', seen: [SEEN, 3, null, { ...SEEN, source: 'dreamt' }] }),
      [times]: JSON.stringify({
        seen: [
          { ...SEEN, firstSeen: -1 },
          { ...SEEN, lastSeen: 1.5 },
        ],
      }),
      [list]: '[]',
      [nothing]: 'null',
      'not-a-peer': JSON.stringify({ name: 'c', keep: true, seen: [] }),
    }
    for (const [id, text] of Object.entries(records)) await db.put(`/p2p-tui/peers/${id}`, text, AS_TEXT)
    await db.put('/p2p-tui/peersx', 'not ours', AS_TEXT)
    const notes = new Map((await PeerNotes.load(db)).all())
    expect(Object.fromEntries(notes)).toEqual({
      [whole]: { name: 'a', seen: [SEEN] },
      [odd]: { seen: [SEEN] },
      [times]: { seen: [] },
      [list]: { seen: [] },
    })
  })

  it('hold for this run when the disk is full, and say so', async () => {
    const [id = ''] = await peerIds(1)
    const full = () => Promise.reject(new Error('IO error: No space left on device'))
    const notes = await PeerNotes.load({ put: full, del: full, iterator: async function* () {} } as never)
    await expect(notes.change(id, note => ({ ...note, name: 'x' }))).rejects.toThrow('No space left')
    expect(notes.of(id).name).toBe('x')
    await expect(notes.delete(id)).rejects.toThrow('No space left')
    expect(notes.of(id)).toEqual({ seen: [] })
    // One that failed does not hold up the next.
    await expect(notes.change(id, note => note)).rejects.toThrow('No space left')
  })

  it('reject what comes after the datastore was closed', async () => {
    const [id = ''] = await peerIds(1)
    const { db, close } = await database(await scratchDirectory())
    const notes = await PeerNotes.load(db)
    await close()
    await expect(notes.change(id, note => ({ ...note, name: 'x' }))).rejects.toThrow(/not open/)
  })

  it('end as they were changed last, however the disk orders what it is told', async () => {
    const [id = ''] = await peerIds(1)
    const { db, settle } = slowDatabase()
    const notes = await PeerNotes.load(db)
    const changes = [
      notes.change(id, note => ({ ...note, seen: [SEEN] })),
      notes.change(id, note => ({ ...note, name: 'old laptop' })),
    ]
    await settle()
    await Promise.all(changes)
    expect((await PeerNotes.load(db)).of(id)).toEqual({ name: 'old laptop', seen: [SEEN] })
    const gone = [notes.change(id, note => ({ ...note, keep: true })), notes.delete(id)]
    await settle()
    await Promise.all(gone)
    expect((await PeerNotes.load(db)).all()).toEqual([])
  })

  it('are whole after a kill in the midst of writing, and none is lost that was said to be written', async () => {
    const directory = await scratchDirectory()
    const ids = await peerIds(20)
    const writer = startWriter(directory, ids)
    const written = await writer.killedAfter(200)
    const notes = await PeerNotes.load((await database(directory)).db)
    expect(notes.all()).toHaveLength(ids.length)
    for (const [id, round] of written) {
      const { name = '', keep, seen } = notes.of(id)
      const shown = Number(name.replace('round ', ''))
      expect(shown).toBeGreaterThanOrEqual(round)
      // What belongs together was written together.
      expect(keep).toBe(true)
      expect(seen).toEqual([{ source: 'mdns', firstSeen: 1, lastSeen: shown }])
    }
  })
})
