import { describe, expect, it } from 'vitest'
import { RecordStore } from '../../../src/node/routing/record-store.ts'

const bytes = (length: number) => new Uint8Array(length)

async function names(store: RecordStore, prefix?: string): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.query(prefix === undefined ? {} : { prefix })) found.push(key.toString())
  return found
}

describe('the records of a DHT', () => {
  it('lose the oldest when there are too many', async () => {
    const store = new RecordStore({ entries: 2 })
    for (const name of ['/a', '/b', '/a', '/c']) store.put(name, bytes(1))
    expect(await names(store)).toEqual(['/a', '/c'])
    expect(() => store.get('/b')).toThrow('No such record')
  })

  it('lose the oldest when they are too large, and one that is too large for all is not kept', async () => {
    const store = new RecordStore({ bytes: 20 })
    store.put('/a', bytes(8))
    store.put('/b', bytes(8))
    expect(await names(store)).toEqual(['/a', '/b'])
    store.put('/c', bytes(8))
    expect(await names(store)).toEqual(['/b', '/c'])
    store.put('/d', bytes(19))
    expect(await names(store)).toEqual([])
    store.put('/e', bytes(18))
    expect(store.get('/e')).toHaveLength(18)
  })

  it('are found by the beginning of their keys, also while some are taken away', async () => {
    const store = new RecordStore()
    for (const name of ['/p/1', '/r/1', '/p/2']) store.put(name, bytes(1))
    expect(await names(store, '/p')).toEqual(['/p/1', '/p/2'])
    expect(await names(store, '/p/')).toEqual(['/p/1', '/p/2'])
    store.put('/p/2/x', bytes(1))
    expect(await names(store, '/p')).toEqual(['/p/1', '/p/2', '/p/2/x'])
    expect(await names(store, '/p/2')).toEqual(['/p/2/x'])
    expect(await names(store, '/q')).toEqual([])
    for await (const { key } of store.query({})) store.delete(key)
    expect(await names(store, '/p')).toEqual([])
    expect(store.has('/r/1')).toBe(false)
  })
})
