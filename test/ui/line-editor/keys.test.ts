import type { Key } from 'ink'
import { describe, expect, it } from 'vitest'
import { keyToActions, untilEnter } from '../../../src/ui/line-editor/keys.ts'

const none: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
}
const typed = (input: string, key: Partial<Key> = {}) => keyToActions(input, { ...none, ...key })
const insert = (text: string) => ({ type: 'insert', text })
const submit = { type: 'submit' }

describe('a chunk of text', () => {
  it('types and submits when Enter came in the same read', () => {
    expect(typed('hello\r')).toEqual([insert('hello'), submit])
    expect(typed('a\rb\r')).toEqual([insert('a'), submit, insert('b'), submit])
  })

  it('submits once for a line break of two characters, and for Ctrl-J', () => {
    expect(typed('a\r\nb')).toEqual([insert('a'), submit, insert('b')])
    expect(typed('\n')).toEqual([submit])
  })

  it('ends at its first Enter, for whoever asks', () => {
    expect(untilEnter('dial x\rjj\r')).toEqual({ line: 'dial x\r', rest: 'jj\r' })
    expect(untilEnter('dial x\r\njj')).toEqual({ line: 'dial x\r\n', rest: 'jj' })
    expect(untilEnter('\nj')).toEqual({ line: '\n', rest: 'j' })
    expect(untilEnter('dial')).toEqual({ line: 'dial', rest: '' })
  })

  it('completes at a tab', () => {
    expect(typed('di\t')).toEqual([insert('di'), { type: 'complete', step: 1 }])
  })

  it('takes control characters in it as the keys that they are', () => {
    expect(typed('ab\x01\x7fc')).toEqual([
      insert('ab'),
      { type: 'move', to: 'start' },
      { type: 'delete', to: 'left' },
      insert('c'),
    ])
    expect(typed('a\x00\x1c\x85b')).toEqual([insert('a'), insert('b')])
  })

  it('keeps characters of every script whole', () => {
    expect(typed('日本👍🏽')).toEqual([insert('日本👍🏽')])
  })

  it('ignores what a terminal answers to a question', () => {
    for (const answer of [
      '11;rgb:1e1e/1e1e/1e1e',
      '11;rgb:1e1e/1e1e/1e1e\x07',
      ']10;rgba:ffff/ffff/ffff/ffff',
      '4;1;rgb:cdcd/0000/0000',
      '52;c;aGVsbG8=\x07',
      '>|XTerm(388)',
      '1+r524742=38',
      '[<0;9',
      '9;8M',
      '\x9bA',
    ]) {
      expect(typed(answer), JSON.stringify(answer)).toEqual([])
    }
  })

  it('keeps text that only looks a little like one', () => {
    for (const text of ['11;rgb', '/ip4/10.0.0.1/tcp/4001', '10;20', '[', 'M', '>|']) {
      expect(typed(text)).toEqual([insert(text)])
    }
    expect(typed('52;c\r')).toEqual([insert('52;c'), submit])
  })
})

describe('a key', () => {
  it('moves', () => {
    expect(typed('', { leftArrow: true })).toEqual([{ type: 'move', to: 'left' }])
    expect(typed('', { leftArrow: true, ctrl: true })).toEqual([{ type: 'move', to: 'wordLeft' }])
    expect(typed('', { rightArrow: true, meta: true })).toEqual([{ type: 'move', to: 'wordRight' }])
    expect(typed('', { home: true })).toEqual([{ type: 'move', to: 'start' }])
    expect(typed('e', { ctrl: true })).toEqual([{ type: 'move', to: 'end' }])
    expect(typed('b', { meta: true })).toEqual([{ type: 'move', to: 'wordLeft' }])
    expect(typed('F', { meta: true, shift: true })).toEqual([{ type: 'move', to: 'wordRight' }])
  })

  it('deletes', () => {
    expect(typed('', { backspace: true })).toEqual([{ type: 'delete', to: 'left' }])
    expect(typed('', { delete: true })).toEqual([{ type: 'delete', to: 'right' }])
    expect(typed('d', { ctrl: true })).toEqual([{ type: 'delete', to: 'right' }])
    expect(typed('', { backspace: true, meta: true })).toEqual([{ type: 'kill', to: 'wordLeft' }])
    expect(typed('w', { ctrl: true })).toEqual([{ type: 'kill', to: 'blankLeft' }])
    expect(typed('d', { meta: true })).toEqual([{ type: 'kill', to: 'wordRight' }])
  })

  it('browses, searches, completes, leaves and submits', () => {
    expect(typed('', { upArrow: true })).toEqual([{ type: 'history', step: -1 }])
    expect(typed('n', { ctrl: true })).toEqual([{ type: 'history', step: 1 }])
    expect(typed('r', { ctrl: true })).toEqual([{ type: 'search' }])
    expect(typed('', { tab: true, shift: true })).toEqual([{ type: 'complete', step: -1 }])
    expect(typed('', { escape: true })).toEqual([{ type: 'escape' }])
    expect(typed('\r', { return: true })).toEqual([submit])
  })

  it('that is none of ours does nothing', () => {
    expect(typed('l', { ctrl: true })).toEqual([])
    expect(typed('c', { ctrl: true })).toEqual([])
    expect(typed(']', { meta: true })).toEqual([])
    expect(typed('v', { super: true })).toEqual([])
    expect(typed('', { pageUp: true })).toEqual([])
    expect(typed('')).toEqual([])
    expect(typed('a', { eventType: 'release' })).toEqual([])
    expect(typed('\r', { return: true, eventType: 'release' })).toEqual([])
  })
})
