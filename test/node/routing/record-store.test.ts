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

  it('are those of whoever has most when there are too many: a flood drives out itself', async () => {
    let owner: string | undefined
    const store = new RecordStore({ entries: 100, owner: () => owner })
    const put = (by: string | undefined, ...keys: string[]) => {
      owner = by
      for (const name of keys) store.put(name, bytes(1))
    }
    put(undefined, '/dht/record/ours')
    put('192.0.2.1', '/dht/record/honest')
    put('192.0.2.66', ...Array.from({ length: 1_000 }, (_, n) => `/dht/record/flood${n}`))
    expect(store.size).toBe(100)
    // There is room for those who come later, too.
    put('192.0.2.2', ...Array.from({ length: 40 }, (_, n) => `/dht/record/late${n}`))
    put('192.0.2.66', ...Array.from({ length: 1_000 }, (_, n) => `/dht/record/flood${n}`))
    expect(store.size).toBe(100)
    const kept = await names(store)
    expect(kept.filter(name => !name.includes('flood'))).toHaveLength(42)
  })

  it('are those of whoever has most when they are too large', () => {
    let owner = 'honest'
    const store = new RecordStore({ bytes: 10_000, owner: () => owner })
    for (let n = 0; n < 5; n += 1) store.put(`/dht/record/h${n}`, bytes(100))
    owner = 'flooder'
    for (let n = 0; n < 50; n += 1) store.put(`/dht/record/f${n}`, bytes(900))
    for (let n = 0; n < 5; n += 1) expect(store.has(`/dht/record/h${n}`)).toBe(true)
    expect(store.bytes).toBeLessThanOrEqual(10_000)
  })

  it('stay with whoever had them kept first, where others say the same again to take them over', () => {
    let owner = 'honest'
    const store = new RecordStore({ entries: 10, owner: () => owner })
    // Field 2 is the value, field 5 when it came.
    const record = (value: number, at: number) => Uint8Array.of(0x12, 1, value, 0x2a, 1, at)
    store.put('/dht/record/a', record(1, 1))
    store.put('/dht/record/b', record(1, 1))
    owner = 'flooder'
    store.put('/dht/record/a', record(1, 2))
    store.put('/dht/record/b', record(2, 2))
    for (let n = 0; n < 20; n += 1) store.put(`/dht/record/f${n}`, record(1, 1))
    expect(store.get('/dht/record/a')).toEqual(record(1, 2))
    // This one is the flooder's by now: what it says is something else.
    expect(store.has('/dht/record/b')).toBe(false)
  })

  it('name no more providers of one key than an answer may, and no host drives out those of others', async () => {
    let owner = '192.0.2.1'
    const store = new RecordStore({ providers: 10, owner: () => owner })
    store.put('/dht/provider/cid/honest', bytes(1))
    owner = '192.0.2.66'
    for (let n = 0; n < 50; n += 1) store.put(`/dht/provider/cid/sybil${n}`, bytes(1))
    store.put('/dht/provider/other/sybil', bytes(1))
    owner = '192.0.2.2'
    store.put('/dht/provider/cid/late', bytes(1))
    const providers = await names(store, '/dht/provider/cid')
    expect(providers).toHaveLength(10)
    expect(providers).toEqual(
      expect.arrayContaining([
        '/dht/provider/cid/honest',
        '/dht/provider/cid/late',
        '/dht/provider/cid/sybil49',
      ]),
    )
    expect(store.has('/dht/provider/other/sybil')).toBe(true)
  })
})
