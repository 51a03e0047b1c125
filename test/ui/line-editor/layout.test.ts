import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { say } from '../../../src/core/safe-text.ts'
import { graphemes, widthOf } from '../../../src/core/width.ts'
import { editLine } from '../../../src/ui/line-editor/edit-line.ts'
import { layoutLine } from '../../../src/ui/line-editor/layout.ts'
import { type LineState, startWith } from '../../../src/ui/line-editor/state.ts'
import { moveTo } from '../../../src/ui/line-editor/text-buffer.ts'

function at(text: string, cursor: number): LineState {
  const state = startWith(text)
  return { ...state, line: moveTo(state.line, cursor) }
}

describe('layoutLine', () => {
  it('puts the cursor after wide characters', () => {
    expect(layoutLine(startWith('日本a'), 20, { prompt: say`> ` })).toEqual({
      prompt: '> ',
      visible: '日本a',
      ghost: '',
      cursorColumn: 7,
    })
  })

  it('marks what does not fit, on the side where it is', () => {
    expect(layoutLine(at('abcdefghijkl', 0), 8)).toMatchObject({ visible: 'abcdefg›', cursorColumn: 0 })
    expect(layoutLine(at('abcdefghijkl', 8), 8)).toMatchObject({ visible: '‹efghij›', cursorColumn: 5 })
    expect(layoutLine(at('abcdefghijkl', 12), 8)).toMatchObject({ visible: '‹ijkl', cursorColumn: 5 })
  })

  it('stands still while the cursor moves inside of the window', () => {
    const line = 'abcdefghijklmnopqrstuvwxyz'
    const windows = Array.from({ length: 27 }, (_, cursor) => layoutLine(at(line, cursor), 11).visible)
    expect(new Set(windows).size).toBeLessThan(8)
  })

  it('shows the hint at the end of the line only', () => {
    const hint = say` <target>`
    expect(layoutLine(startWith('dial'), 10, { hint }).ghost).toBe(' <tar…')
    expect(layoutLine(at('dial', 2), 10, { hint }).ghost).toBe('')
  })

  it('shows what is searched for in place of the prompt', () => {
    const sources = { history: [say`ping @`], complete: () => ({ from: 0, candidates: [] }) }
    const found = [{ type: 'search' }, { type: 'insert', text: 'in' }] as const
    const state = found.reduce((before, action) => editLine(before, action, sources), startWith())
    expect(layoutLine(state, 40, { prompt: say`:` })).toMatchObject({
      prompt: '(search: in) ',
      visible: 'ping @',
    })
    const none = editLine(state, { type: 'insert', text: 'x' }, sources)
    expect(layoutLine(none, 40).prompt).toBe('(no match: inx) ')
  })

  it('never is wider than the row, and never puts the cursor elsewhere than at its character', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', '日', '😀', '👍🏽', 'é', 'e\u0301'), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(
        text,
        fc.nat(60),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(5),
        (parts, cursor, columns, mark) => {
          const state = at(parts.join(''), cursor)
          const prompt = say`${'>'.repeat(mark) as ReturnType<typeof say>}`
          const layout = layoutLine(state, columns, { prompt, hint: say`<a hint 日本>` })
          const row = layout.prompt + layout.visible + layout.ghost
          expect(widthOf(row)).toBeLessThanOrEqual(columns)
          expect(layout.cursorColumn).toBeGreaterThanOrEqual(0)
          expect(layout.cursorColumn).toBeLessThan(columns)
          // Rows of a few columns cannot show a mark, a wide character and the cursor.
          if (columns - widthOf(layout.prompt) < 5) return
          const under = state.line.clusters[state.line.cursor]
          expect(characterAt(layout.prompt + layout.visible, layout.cursorColumn)).toBe(under)
        },
      ),
    )
  })
})

/** The character that begins at a column; undefined at the end of the text, 'inside' in the midst of a wide one. */
function characterAt(row: string, column: number): string | undefined {
  let reached = 0
  for (const cluster of graphemes(row)) {
    if (reached === column) return cluster
    reached += widthOf(cluster)
    if (reached > column) return 'inside'
  }
  return undefined
}
