import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { say } from '../../../src/core/safe-text.ts'
import { graphemes } from '../../../src/core/width.ts'
import { editLine, lineOf } from '../../../src/ui/line-editor/edit-line.ts'
import { type Action, type LineState, type Sources, startWith } from '../../../src/ui/line-editor/state.ts'

const VERBS = ['dial ', 'discover ', 'ping ', 'peers ']

const sources: Sources = {
  history: [say`peers`, say`ping 日本`, say`dial /ip4/1.2.3.4/tcp/1`, say`ping @`],
  complete: (line, cursor) => {
    const from = line.lastIndexOf(' ', cursor - 1) + 1
    const word = line.slice(from, cursor)
    return { from, candidates: VERBS.filter(verb => verb.startsWith(word)).map(value => ({ value })) }
  },
}

function edited(text: string, ...actions: Action[]): LineState {
  return actions.reduce((state, action) => editLine(state, action, sources), startWith(text))
}

/** The line with a bar where the cursor is. */
function shown({ line: { clusters, cursor } }: LineState): string {
  return `${clusters.slice(0, cursor).join('')}|${clusters.slice(cursor).join('')}`
}

const move = (to: 'left' | 'right' | 'wordLeft' | 'wordRight' | 'start' | 'end'): Action => ({
  type: 'move',
  to,
})
const kill = (to: 'wordLeft' | 'wordRight' | 'blankLeft' | 'start' | 'end'): Action => ({ type: 'kill', to })
const type = (text: string): Action => ({ type: 'insert', text })
const [left, right, start] = [move('left'), move('right'), move('start')]
const backspace: Action = { type: 'delete', to: 'left' }
const deleteRight: Action = { type: 'delete', to: 'right' }
const yank: Action = { type: 'yank' }
const older: Action = { type: 'history', step: -1 }
const newer: Action = { type: 'history', step: 1 }
const search: Action = { type: 'search' }
const tab: Action = { type: 'complete', step: 1 }
const shiftTab: Action = { type: 'complete', step: -1 }
const esc: Action = { type: 'escape' }

describe('moving and typing', () => {
  it('goes by characters and words, and stops at the ends', () => {
    expect(shown(edited('a日b', left, left))).toBe('a|日b')
    expect(shown(edited('a', right))).toBe('a|')
    expect(shown(edited('a', start, left))).toBe('|a')
    expect(shown(edited('dial /ip4/10.0.0.1', move('wordLeft'), move('wordLeft')))).toBe(
      'dial /ip4/10.0.|0.1',
    )
    expect(shown(edited('dial /ip4/x', start, move('wordRight'), move('wordRight')))).toBe('dial /ip4|/x')
    expect(shown(edited('pg', left, type('in')))).toBe('pin|g')
  })

  it('deletes whole characters', () => {
    expect(shown(edited('a👍🏽', backspace))).toBe('a|')
    expect(shown(edited('👍🏽a', start, deleteRight))).toBe('|a')
    expect(shown(edited('', deleteRight, backspace))).toBe('|')
  })
})

describe('killing and yanking', () => {
  it('takes words as readline does', () => {
    expect(shown(edited('dial /ip4/10.0.0.1', kill('blankLeft')))).toBe('dial |')
    expect(shown(edited('dial /ip4/10.0.0.1', kill('wordLeft')))).toBe('dial /ip4/10.0.0.|')
    expect(shown(edited('dial /ip4', start, kill('wordRight')))).toBe('| /ip4')
  })

  it('brings back what the last kills in a row took', () => {
    expect(shown(edited('one two three', kill('blankLeft'), kill('blankLeft'), yank))).toBe('one two three|')
    expect(shown(edited('one two', left, left, left, kill('end'), kill('start'), yank, yank))).toBe(
      'one twoone two|',
    )
    expect(shown(edited('one two', kill('blankLeft'), start, kill('wordRight'), yank))).toBe('one| ')
  })

  it('remembers it when there was nothing to kill', () => {
    expect(shown(edited('peers', kill('start'), start, kill('start'), yank))).toBe('peers|')
  })
})

describe('history', () => {
  it('shows older lines, and gives the typed one back', () => {
    expect(shown(edited('', older))).toBe('ping @|')
    expect(shown(edited('', older, older))).toBe('dial /ip4/1.2.3.4/tcp/1|')
    expect(shown(edited('', older, older, newer, newer))).toBe('|')
    expect(shown(edited('', newer))).toBe('|')
  })

  it('visits only lines that begin with what was typed', () => {
    expect(shown(edited('pi', older, older))).toBe('ping 日本|')
    expect(shown(edited('pi', older, older, older))).toBe('ping 日本|')
    expect(shown(edited('pi', older, older, newer, newer))).toBe('pi|')
    expect(shown(edited('x', older))).toBe('x|')
  })

  it('takes an edited line as a new draft', () => {
    expect(shown(edited('', older, backspace, older, older))).toBe('ping 日本|')
  })
})

describe('reverse search', () => {
  it('finds the newest match as it is typed, then older ones', () => {
    expect(shown(edited('', search, type('in')))).toBe('p|ing @')
    expect(shown(edited('', search, type('in'), search))).toBe('p|ing 日本')
    expect(shown(edited('', search, type('IP4')))).toBe('dial /|ip4/1.2.3.4/tcp/1')
    expect(shown(edited('', search, type('in'), search, backspace))).toBe('p|ing @')
  })

  it('keeps the last match in sight when there is no other', () => {
    const state = edited('', search, type('ping'), search, search)
    expect(shown(state)).toBe('|ping 日本')
    expect(state.search?.at).toBeUndefined()
  })

  it('gives the line from before back at Esc, and when all is deleted', () => {
    expect(shown(edited('abc', left, search, type('in'), esc))).toBe('ab|c')
    expect(shown(edited('abc', search, type('i'), backspace))).toBe('abc|')
    expect(edited('abc', search, type('i'), esc).search).toBeUndefined()
  })

  it('ends with any other key, which then does its own work on the match', () => {
    const state = edited('', search, type('dial'), move('end'), backspace)
    expect(shown(state)).toBe('dial /ip4/1.2.3.4/tcp/|')
    expect(state.search).toBeUndefined()
  })

  it('makes a pasted query safe to print', () => {
    expect(edited('', search, { type: 'paste', text: 'a\n\x1b[2J' }).search?.query).toBe('a \ufffd[2J')
  })
})

describe('completion', () => {
  it('takes the only candidate', () => {
    const state = edited('pi', tab)
    expect(shown(state)).toBe('ping |')
    expect(state.menu).toBeUndefined()
  })

  it('adds what the candidates have in common, then goes round them', () => {
    expect(shown(edited('d', tab))).toBe('di|')
    expect(shown(edited('d', tab, tab))).toBe('dial |')
    expect(shown(edited('d', tab, tab, tab))).toBe('discover |')
    expect(shown(edited('d', tab, tab, tab, tab))).toBe('di|')
    expect(shown(edited('d', tab, shiftTab))).toBe('discover |')
    expect(shown(edited('d', tab, newer))).toBe('dial |')
  })

  it('keeps what follows the cursor', () => {
    expect(shown(edited('d@', left, tab, tab))).toBe('dial |@')
  })

  it('goes back to what was typed at Esc, and keeps the choice at any other key', () => {
    expect(shown(edited('d', tab, tab, esc))).toBe('di|')
    const kept = edited('d', tab, tab, type('x'))
    expect(shown(kept)).toBe('dial x|')
    expect(kept.menu).toBeUndefined()
  })

  it('does nothing where nothing fits', () => {
    expect(shown(edited('xyz', tab, tab))).toBe('xyz|')
  })

  it('makes candidates safe, and survives a place outside of the line', () => {
    const hostile: Sources = {
      ...sources,
      complete: () => ({ from: 99, candidates: [{ value: '\x1b[2J' }] }),
    }
    expect(lineOf(editLine(startWith('a'), tab, hostile))).toBe('a\ufffd[2J')
  })
})

describe('paste', () => {
  it('puts several lines into one and runs none', () => {
    const state = edited('', { type: 'paste', text: 'dial a\r\n\n  ping b\npeers\n' })
    expect(shown(state)).toBe('dial a ping b peers|')
    expect(state.note).toBe('3 lines pasted as one; press Enter to run')
    expect(editLine(state, left, sources).note).toBeUndefined()
  })

  it('takes one line with its line break as that line', () => {
    const state = edited('dial ', { type: 'paste', text: '/ip4/1.2.3.4\n' })
    expect(shown(state)).toBe('dial /ip4/1.2.3.4|')
    expect(state.note).toBeUndefined()
  })

  it('cuts what is too long, and says so', () => {
    const state = edited('', { type: 'paste', text: 'x'.repeat(1_000_000) })
    expect(lineOf(state)).toHaveLength(4096)
    expect(state.note).toBe('too long: cut to 4096 characters')
  })

  it('lets no esc sequence through', () => {
    expect(lineOf(edited('', { type: 'paste', text: '\x1b]52;c;eA==\x07\u202e' }))).toBe(
      '\ufffd]52;c;eA==\ufffd\ufffd',
    )
  })
})

const plainText = fc
  .array(fc.constantFrom('a', 'B', '1', ' ', '/', '日', '😀', 'é'), { maxLength: 6 })
  .map(a => a.join(''))
const anyText = fc.oneof(plainText, fc.string({ unit: 'binary', maxLength: 8 }))
const place = fc.constantFrom(
  'left',
  'right',
  'wordLeft',
  'wordRight',
  'start',
  'end',
) as fc.Arbitrary<'left'>
const step = fc.constantFrom<1 | -1>(1, -1)
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  anyText.map<Action>(text => ({ type: 'insert', text })),
  anyText.map<Action>(text => ({ type: 'paste', text })),
  place.map<Action>(to => ({ type: 'move', to })),
  fc.constantFrom<Action>(backspace, deleteRight, yank, search, esc, { type: 'submit' }),
  fc
    .constantFrom('wordLeft', 'blankLeft', 'end', 'start', 'wordRight')
    .map(to => ({ type: 'kill', to }) as Action),
  step.map<Action>(value => ({ type: 'history', step: value })),
  step.map<Action>(value => ({ type: 'complete', step: value })),
)

describe('whatever is done', () => {
  it('the cursor stays in the line, and the line safe and whole', () => {
    fc.assert(
      fc.property(fc.array(anyAction, { maxLength: 40 }), actions => {
        let state = startWith()
        for (const action of actions) {
          state = editLine(state, action, sources)
          const { clusters, cursor } = state.line
          expect(cursor).toBeGreaterThanOrEqual(0)
          expect(cursor).toBeLessThanOrEqual(clusters.length)
          expect(clusters).toEqual(graphemes(lineOf(state)))
          expect(lineOf(state)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
          expect([state.menu, state.search, state.browsing].filter(Boolean).length).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('the text is what an array of characters with an index would hold', () => {
    const simple = fc.oneof(
      plainText.map<Action>(text => ({ type: 'insert', text })),
      fc.constantFrom<Action>(
        left,
        right,
        start,
        move('end'),
        backspace,
        deleteRight,
        kill('start'),
        kill('end'),
      ),
    )
    fc.assert(
      fc.property(fc.array(simple, { maxLength: 60 }), actions => {
        let state = startWith()
        const model: string[] = []
        let at = 0
        for (const action of actions) {
          state = editLine(state, action, sources)
          if (action.type === 'insert') {
            const characters = [...action.text]
            model.splice(at, 0, ...characters)
            at += characters.length
          } else if (action.type === 'move') {
            at = {
              left: Math.max(0, at - 1),
              right: Math.min(model.length, at + 1),
              start: 0,
              end: model.length,
            }[action.to as 'left' | 'right' | 'start' | 'end']
          } else if (action.type === 'delete') {
            if (action.to === 'right') model.splice(at, 1)
            else if (at > 0) model.splice(--at, 1)
          } else if (action.type === 'kill') {
            model.splice(action.to === 'start' ? 0 : at, action.to === 'start' ? at : model.length)
            if (action.to === 'start') at = 0
          }
          expect(shown(state)).toBe(`${model.slice(0, at).join('')}|${model.slice(at).join('')}`)
        }
      }),
    )
  })
})
