import { describe, expect, it } from 'vitest'
import { LINE_LENGTH } from '../../../src/core/history.ts'
import {
  afterCursor,
  beforeCursor,
  bufferOf,
  emptyBuffer,
  insert,
  moveTo,
  remove,
  textOf,
} from '../../../src/ui/line-editor/text-buffer.ts'

describe('a line of text', () => {
  it('counts what a person sees as one character as one', () => {
    const line = bufferOf('a日👍🏽e\u0301')
    expect(line.clusters).toEqual(['a', '日', '👍🏽', 'e\u0301'])
    expect(line.cursor).toBe(4)
    expect(textOf(remove(line, 2, 3))).toBe('a日e\u0301')
  })

  it('joins a mark to the character before it, and keeps the cursor behind both', () => {
    const line = insert(moveTo(bufferOf('ex'), 1), '\u0301')
    expect(line.clusters).toEqual(['e\u0301', 'x'])
    expect(line.cursor).toBe(1)
  })

  it('joins what a deletion brings together', () => {
    const line = remove(bufferOf('🇩x🇪'), 1, 2)
    expect(line.clusters).toEqual(['🇩🇪'])
    expect(line.cursor).toBe(1)
  })

  it('keeps text before and after the cursor apart', () => {
    const line = insert(moveTo(bufferOf('ping @'), 4), 'er')
    expect(beforeCursor(line)).toBe('pinger')
    expect(afterCursor(line)).toBe(' @')
  })

  it('holds nothing that could reach the terminal as a command', () => {
    expect(textOf(insert(emptyBuffer, 'a\x1b[2Jb\u202ec\x9bA\x00'))).toBe('a\ufffd[2Jb\ufffdc\ufffdA\ufffd')
  })

  it('does not let marks that are typed one by one pile up', () => {
    let line = bufferOf('e')
    for (let n = 0; n < 50; n++) line = insert(line, '\u0301')
    expect(textOf(line)).not.toMatch(/\u0301{5}/)
    const marks = '\u0301'.repeat(4)
    expect(textOf(insert(moveTo(bufferOf(marks), 0), `e${marks}`))).not.toMatch(/\u0301{5}/)
  })

  it('takes no more than fits, and none of what was there is lost', () => {
    const full = insert(moveTo(bufferOf('head tail'), 5), 'x'.repeat(10_000))
    expect(textOf(full)).toHaveLength(LINE_LENGTH)
    expect(afterCursor(full)).toBe('tail')
    expect(textOf(insert(full, '日'))).toBe(textOf(full))
  })
})
