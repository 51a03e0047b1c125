import { Box, useInput, usePaste } from 'ink'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'
import { type SafeText, say } from '../../../src/core/safe-text.ts'
import { Line } from '../../../src/ui/line.tsx'
import { lineOf } from '../../../src/ui/line-editor/edit-line.ts'
import { keyToActions } from '../../../src/ui/line-editor/keys.ts'
import { LineEditor } from '../../../src/ui/line-editor/line-editor.tsx'
import { runActions } from '../../../src/ui/line-editor/run.ts'
import { type Action, type Sources, startWith } from '../../../src/ui/line-editor/state.ts'
import { keys, renderInTerminal, type TestTerminal } from '../../support/terminal.tsx'

const COLUMNS = 30
const ROWS = 6
const VERBS = [
  { value: 'dial ', note: say`connect to a peer` },
  { value: 'discover ', note: say`who is near` },
  { value: 'ping ' },
]

const complete: Sources['complete'] = (line, cursor) => ({
  from: 0,
  candidates: VERBS.filter(verb => verb.value.startsWith(line.slice(0, cursor))),
})

interface Typing {
  complete?: Sources['complete']
  hint?: (line: SafeText) => SafeText | undefined
}

/** The editor with a keyboard, in a place of the screen. */
function Typed({
  complete,
  hint,
  ...place
}: Typing & { prompt: SafeText; columns: number; x: number; y: number }) {
  const [state, setState] = useState(() => startWith())
  const sources: Sources = {
    history: [say`peers`, say`ping 日本`],
    complete: complete ?? (() => ({ from: 0, candidates: [] })),
  }
  const act = (actions: Action[]) => setState(before => runActions(before, actions, sources).state)
  useInput((input, key) => act(keyToActions(input, key)))
  usePaste(text => act([{ type: 'paste', text }]))
  return <LineEditor state={state} hint={hint?.(lineOf(state))} {...place} />
}

/** The editor on the last row of a full screen, with rows of dots above it. */
async function editor(typing: Typing = {}) {
  const terminal = await renderInTerminal(
    <Box flexDirection="column" width={COLUMNS} height={ROWS}>
      {[1, 2, 3, 4, 5].map(row => (
        <Line key={row} spans={[{ text: say`pane` }]} columns={COLUMNS} />
      ))}
      <Typed prompt={say`> `} columns={COLUMNS} x={0} y={ROWS - 1} {...typing} />
    </Box>,
    { columns: COLUMNS, rows: ROWS },
  )
  return { terminal }
}

const bar = (terminal: TestTerminal) => terminal.screen()[ROWS - 1]

describe('LineEditor', () => {
  it('types where the cursor of the terminal is', async () => {
    const { terminal } = await editor()
    expect(terminal.cursor()).toEqual({ x: 2, y: 5, visible: true })
    await terminal.press('日本a')
    expect(bar(terminal)).toBe('> 日本a')
    expect(terminal.cursor()).toEqual({ x: 7, y: 5, visible: true })
    await terminal.press(keys.left, keys.left)
    expect(terminal.cursor()).toEqual({ x: 4, y: 5, visible: true })
    await terminal.press('👍🏽')
    expect(bar(terminal)).toBe('> 日👍🏽本a')
    expect(terminal.cursor()).toEqual({ x: 6, y: 5, visible: true })
    await terminal.press(keys.backspace)
    expect(bar(terminal)).toBe('> 日本a')
  })

  it('has the cursor in the right place of a screen that is not full, and with the plain writer', async () => {
    const tree = (
      <Box flexDirection="column">
        <Line spans={[{ text: say`title` }]} columns={20} />
        <Box marginLeft={4}>
          <Typed prompt={say`:`} columns={20} x={4} y={1} />
        </Box>
        <Line spans={[{ text: say`keys` }]} columns={20} />
      </Box>
    )
    const terminal = await renderInTerminal(tree, { writer: 'ink' })
    await terminal.press('ab')
    expect(terminal.screen().slice(0, 3)).toEqual(['title', '    :ab', 'keys'])
    expect(terminal.cursor()).toEqual({ x: 7, y: 1, visible: true })
  })

  it('keeps the cursor in sight when the line is longer than the row', async () => {
    const { terminal } = await editor()
    await terminal.press('dial /ip4/192.168.100.200/tcp/4001')
    expect(bar(terminal)).toMatch(/^> ‹.*4001$/)
    expect(terminal.cursor().x).toBe(bar(terminal)?.length)
    await terminal.press(keys.home)
    expect(bar(terminal)).toBe('> dial /ip4/192.168.100.200/t›')
    expect(terminal.cursor().x).toBe(2)
  })

  it('sees every key of a burst, in order', async () => {
    const { terminal } = await editor()
    await terminal.press(`ac${keys.left}b${keys.home}${keys.delete}${keys.end}d`)
    expect(bar(terminal)).toBe('> bcd')
    await terminal.press(keys.enter)
    expect(bar(terminal)).toBe('>')
  })

  it('pastes several lines as one, runs none, and says so until the next key', async () => {
    const { terminal } = await editor()
    await terminal.press(keys.paste('dial a\nping b\n\x1b]0;owned\x07\n'))
    expect(bar(terminal)).toContain('dial a ping b')
    expect(terminal.screen()[4]).toBe('3 lines pasted as one; press …')
    expect(terminal.output()).not.toContain('\x1b]0;')
    await terminal.press(keys.left)
    expect(terminal.screen()[4]).toBe('pane')
  })

  it('shows candidates over the rows above, goes round them, and puts the rows back', async () => {
    const { terminal } = await editor({ complete })
    await terminal.press('d', keys.tab)
    expect(terminal.screen()).toEqual([
      'pane',
      'pane',
      'pane',
      '  dial      connect to a peer',
      '  discover  who is near',
      '> di',
    ])
    await terminal.press(keys.tab, keys.tab)
    expect(terminal.screen()[4]).toBe('› discover  who is near')
    expect(bar(terminal)).toBe('> discover')
    expect(terminal.cursor().x).toBe(11)
    await terminal.press(keys.escape)
    expect(terminal.screen().slice(3)).toEqual(['pane', 'pane', '> di'])
  })

  it('shows a window of many candidates', async () => {
    const many = Array.from({ length: 50 }, (_, n) => ({ value: `peer${n}` }))
    const { terminal } = await editor({ complete: () => ({ from: 0, candidates: many }) })
    await terminal.press(keys.tab, ...Array.from({ length: 31 }, () => keys.tab))
    expect(terminal.screen()).toEqual([
      '  peer28',
      '  peer29',
      '› peer30',
      '  peer31',
      '  31 of 50',
      '> peer30',
    ])
  })

  it('makes candidates safe before they are shown', async () => {
    const candidates = [{ value: 'a\x1b]0;x\x07' }, { value: 'b\u202e' }]
    const { terminal } = await editor({ complete: () => ({ from: 0, candidates }) })
    await terminal.press(keys.tab)
    expect(terminal.screen().slice(3, 5)).toEqual(['  a\ufffd]0;x\ufffd', '  b\ufffd'])
  })

  it('hints at what could follow, dim', async () => {
    const { terminal } = await editor({ hint: line => (line === 'dial ' ? say`<target>` : undefined) })
    await terminal.press('dial ')
    expect(terminal.runs(5)).toEqual([
      { text: '> ', style: 'bold cyan' },
      { text: 'dial ', style: '' },
      { text: '<target>', style: 'dim' },
    ])
    expect(terminal.cursor().x).toBe(7)
  })

  it('browses and searches the history', async () => {
    const { terminal } = await editor()
    await terminal.press(keys.up, keys.up)
    expect(bar(terminal)).toBe('> peers')
    await terminal.press(keys.ctrl('u'), keys.ctrl('r'), 'ing')
    expect(bar(terminal)).toBe('(search: ing) ping 日本')
    expect(terminal.cursor().x).toBe(15)
  })
})
