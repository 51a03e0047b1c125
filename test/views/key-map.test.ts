import { describe, expect, it } from 'vitest'
import { keyLabel, keyPresses } from '../../src/views/key-map.ts'

const names = (input: string, key = {}) => keyPresses(input, key).map(press => press.name)

describe('keys', () => {
  it('have the names that bindings use', () => {
    expect(names('', { upArrow: true })).toEqual(['up'])
    expect(names('\t', { tab: true, shift: true })).toEqual(['shift+tab'])
    expect(names('\r', { return: true })).toEqual(['enter'])
    expect(names('c', { ctrl: true })).toEqual(['ctrl+c'])
    expect(names(' ')).toEqual(['space'])
    expect(names('P', { shift: true })).toEqual(['P'])
  })
  it('are told apart when several arrive in one chunk, with what follows each', () => {
    expect(keyPresses('j:x\r', {})).toEqual([
      { name: 'j', rest: ':x\r' },
      { name: ':', rest: 'x\r' },
      { name: 'x', rest: '\r' },
      { name: 'enter', rest: '' },
    ])
  })
  it('are nothing when no binding could mean them', () => {
    expect(names('b', { meta: true })).toEqual([])
    expect(names('j', { eventType: 'release' })).toEqual([])
    expect(names('\x00')).toEqual([])
    expect(names('')).toEqual([])
  })
  it('are shown to people as what is printed on them', () => {
    expect(['d', 'ctrl+c', 'escape', 'shift+tab', 'pageup'].map(keyLabel)).toEqual([
      'd',
      'Ctrl-C',
      'Esc',
      'Shift-Tab',
      'PgUp',
    ])
  })
})
