import { expect, it } from 'vitest'
import { whyIdle } from '../../src/commands/idle-key.ts'
import type { KeySituation } from '../../src/commands/keys.ts'
import { BINDINGS } from '../../src/commands/registry.ts'
import { safeText } from '../../src/core/safe-text.ts'

const CASES: [key: string, situation: KeySituation, why: string][] = [
  ['z', { context: 'peers' }, 'z does nothing: ? shows the keys'],
  ['x', { context: 'peers' }, 'x hang up: no peer is selected'],
  ['x', { context: 'peers', selected: 'disconnected' }, 'x hang up: the selected peer is not connected'],
  ['F', { context: 'peers', selected: 'connected' }, 'F forget: the selected peer is connected'],
  ['X', { context: 'relays', selected: 'connected' }, 'X close this one: not here, but in connections'],
  ['s', { context: 'routing' }, 's sort: not here, but in peers, connections'],
]

it.each(CASES)('says why %s does nothing in %o', (key, situation, why) => {
  expect(whyIdle(key, safeText(key), situation, BINDINGS)).toBe(why)
})
