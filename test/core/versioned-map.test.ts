import fc from 'fast-check'
import { expect, it } from 'vitest'
import { VersionedMap } from '../../src/core/versioned-map.ts'

const key = fc.constantFrom('a', 'b', 'c', 'd')
/** From which version on, and what is changed in it. */
const change = fc.record({ from: fc.nat(), key, value: fc.option(fc.nat()) })

it('keeps every version as it was, whichever is changed or looked at next', () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 40 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (changes, looks) => {
        const versions = [{ map: VersionedMap.of<string, object>(), plain: new Map<string, object>() }]
        for (const { from, key, value } of changes) {
          const { map, plain } = versions[from % versions.length] ?? {
            map: VersionedMap.of(),
            plain: new Map(),
          }
          const held = { value }
          const changed = new Map(plain)
          if (value === null) changed.delete(key)
          else changed.set(key, held)
          versions.push({ map: value === null ? map.delete(key) : map.set(key, held), plain: changed })
        }
        for (const look of [...looks, ...versions.keys()]) {
          const { map, plain } = versions[look % versions.length] ?? {
            map: VersionedMap.of(),
            plain: new Map(),
          }
          expect(map.size).toBe(plain.size)
          for (const key of 'abcd') {
            expect(map.get(key)).toBe(plain.get(key))
            expect(map.has(key)).toBe(plain.has(key))
          }
          expect(new Set(map.values())).toEqual(new Set(plain.values()))
        }
      },
    ),
  )
})

it('is the same version when nothing changes', () => {
  const value = {}
  const map = VersionedMap.of([['a', value]])
  expect(map.set('a', value)).toBe(map)
  expect(map.delete('b')).toBe(map)
})

it('lets other versions be made while its values are looked at', () => {
  const map = VersionedMap.of([
    ['a', { n: 1 }],
    ['b', { n: 2 }],
  ])
  let later = map
  for (const { n } of map.values()) later = later.set(`new${n}`, { n: n + 10 })
  expect(later.size).toBe(4)
  expect(map.map(({ n }) => ({ n: -n })).values()).toEqual([{ n: -1 }, { n: -2 }])
})

it('goes on with a copy after many changes, and knows all versions as they were', () => {
  const first = VersionedMap.of([['a', { n: 0 }]])
  let last = first
  const versions = Array.from({ length: 5000 }, (_, n) => {
    last = last.set(n % 2 === 0 ? 'a' : 'b', { n })
    return last
  })
  expect(versions.map(version => version.get('a')?.n)).toEqual(versions.map((_, n) => n - (n % 2)))
  expect(first.get('a')).toEqual({ n: 0 })
  expect(first.size).toBe(1)
  expect(last.get('b')).toEqual({ n: 4999 })
})
